"""Redaction of evidence: no secret survives, and the verdict stays what it was."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from blastiq_conformance.catalogue import Rule, catalogue
from blastiq_conformance.engine import judge
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.example import read_example
from blastiq_conformance.example_messages import called, granted, signed_in, story
from blastiq_conformance.facts import Child
from blastiq_conformance.redaction.whole import redact
from blastiq_conformance.sources.recording import write
from fake_idp.redact import Search, Secret, secrets_of
from tests.judge.flawed_traffic import recordings, runs
from tests.judge.secret_pools import SECRETS, USERS

_DRAWN = re.compile(r"[A-Za-z0-9]{12,}|eyJ[\w-]+\.[\w-]+\.[\w-]+")
RULES = tuple(catalogue().values())
Verdict = dict[str, tuple[str, str, list[tuple[str, str, int]]]]


def verdict(evidence: Evidence, rules: tuple[Rule, ...] = RULES) -> Verdict:
    """Tell what was found, without the messages, which may name values."""
    return {
        result.rule: (
            str(result.outcome),
            str(result.severity),
            sorted((_named(f.parameter), str(f.severity), f.exchange or 0) for f in result.findings),
        )
        for result in judge(evidence, rules)
    }


def _named(parameter: str) -> str:
    # A parameter that is a piece of an unescaped password is a value.
    return parameter if parameter.isidentifier() else "(value)"


@pytest.mark.parametrize("which", ["good", "bad"])
@pytest.mark.parametrize("known", [True, False], ids=["run", "recording"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.id))
def test_the_examples_of_all_rules_are_judged_alike(rule: Rule, which: str, *, known: bool) -> None:
    """Every rule sees what it sees, with the credentials known or not."""
    evidence = read_example(rule.good if which == "good" else rule.bad)
    if not known:
        facts = replace(evidence.facts, username=None, password=None, previous_password=None, other_users=(), issued=())
        evidence = replace(evidence, facts=facts)
    assert verdict(redact(evidence)) == verdict(evidence)


@settings(max_examples=120)
@given(recordings())
def test_a_redacted_recording_is_judged_alike(evidence: Evidence) -> None:
    """Rule, outcome, severity, parameter and exchange are the same, whatever is wrong with the client."""
    assert verdict(redact(evidence)) == verdict(evidence)


@settings(max_examples=120)
@given(runs())
def test_a_redacted_run_is_judged_alike(evidence: Evidence) -> None:
    """So they are where the kit knows what it issued, and what a process wrote."""
    assert verdict(redact(evidence)) == verdict(evidence)


@settings(max_examples=120)
@given(recordings() | runs())
def test_only_what_the_kit_issued_survives(evidence: Evidence) -> None:
    """A value that is a secret at one place is gone at every place, in every encoding of N7."""
    issued = {secret.value for secret in evidence.facts.issued}
    others = Search(Secret("value", value) for value in _sent(evidence) - issued)
    assert not others.find(write(redact(evidence)))


def _sent(evidence: Evidence) -> set[str]:
    found = (secret for exchange in evidence.exchanges for secret in secrets_of(exchange))
    known = {*SECRETS, *USERS[:2]}
    values = (secret.value for secret in found if secret.kind != "basic")
    return {value for value in values if value in known or _DRAWN.fullmatch(value)}


@settings(max_examples=80)
@given(recordings() | runs())
def test_redacting_twice_changes_nothing(evidence: Evidence) -> None:
    """Marks are no secrets."""
    once = redact(evidence)
    assert write(redact(once)) == write(once)


def _api(value: str, shape: str = "Bearer {}") -> str:
    return f"GET /api\nAuthorization: {shape.format(value)}\nHTTP/1.1 401 Unauthorized\n\n"


_TOKEN = "Kq7vN2xW4mZ8tR1pLs9d"
_SECRET = "qkNGnrvTmiWT"
_FORM = "POST /identity/connect/token\nContent-Type: application/x-www-form-urlencoded\n\n"
# Each was found by random search, and is what remained once its cause was known.
TRACED = {
    "a mark shorter than twelve characters": (
        f"POST /identity/connect/token?code={_SECRET}\n\nHTTP/1.1 400 Bad Request\n\n",
        _FORM + f"grant_type=refresh_token&refresh_token={_SECRET}\nHTTP/1.1 400 Bad Request\n\n",
    ),
    "a name that is a short secret too": (
        _FORM + "grant_type=password&username=dpg2TMfG&password=x&client_secret=dpg2TMfG\nHTTP/1.1 400 Bad Request\n\n",
        "GET /api?access_token=dpg2TMfG\nHTTP/1.1 401 Unauthorized\n\n",
    ),
    "a short token beside a shorter one": (
        signed_in(granted(HANDLE := "5D7A0E92C4B1")),
        signed_in(granted(_TOKEN)),
        f"POST /identity/connect/token\nX-Api-Key: {_TOKEN}\n\nHTTP/1.1 400 Bad Request\n\n",
        called(HANDLE),
    ),
    "the mark of another tool in quotes": (signed_in(granted("[REDACTED]")), _api("[REDACTED]", 'Bearer "{}"')),
    "a word for nothing in brackets": (signed_in(granted("null")), _api("null", "Bearer <{}>")),
}


@pytest.mark.parametrize("name", TRACED)
def test_what_random_search_found_is_judged_alike(name: str) -> None:
    """A recording of each counterexample there was."""
    evidence = replace(read_example(story(*TRACED[name])), facts=Facts())
    assert verdict(redact(evidence)) == verdict(evidence)


def test_a_token_that_was_cut_takes_its_rest_along() -> None:
    """Of a JWT that was met cut off at a dot, the signature does not stay where the whole of it stands."""
    whole = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI3NyJ9.Bq9ZkP3-xVt6yLm"
    cut = f'POST /identity/connect/token\n\nHTTP/1.1 200 OK\n\n{{"access_token": "{whole.rpartition(".")[0]}'
    evidence = replace(read_example(story(cut, f"GET /x\nX-Trace: id {whole}\nHTTP/1.1 200 OK\n\n")), facts=Facts())
    assert "xVt6yLm" not in write(redact(evidence))


def test_a_password_of_several_words_stays_whole_on_a_command_line() -> None:
    """What the kit issued is no secret of others, though a word of it follows the name of one."""
    password = " Kq7pWz3mVx9bTn2c word "
    evidence = read_example(story(f"argv: curl -d password={password}", signed_in()))
    facts = replace(evidence.facts, password=password, issued=(Secret("password", password),))
    child = replace(evidence.child or Child(), argv=("curl", "-d", f"password={password}"))
    evidence = replace(evidence, facts=facts, child=child)
    assert redact(evidence).child == child
    assert verdict(redact(evidence)) == verdict(evidence)
    assert verdict(evidence)["BIQ703"][0] == "failed"
