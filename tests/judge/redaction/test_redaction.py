"""Redaction of evidence: no secret survives, and the verdict stays what it was."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given, settings

from blastiq_conformance.catalogue import Rule, catalogue
from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, granted, signed_in, story
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.evidence.facts import Child
from blastiq_conformance.evidence.token_request import TokenRequest
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.redaction.whole import redact
from blastiq_conformance.secrets.traffic import secrets_of
from blastiq_conformance.sources.edited import foreign
from blastiq_conformance.sources.recording import write
from fake_idp.secrets.charset_variants import charset_variants
from fake_idp.secrets.patterns import SHORTEST_PREFIX
from fake_idp.secrets.search import Leak, Search, Secret
from fake_idp.secrets.secret_names import KINDS
from tests.judge.example import read_example
from tests.judge.redaction.problem_traffic import recordings, runs
from tests.judge.redaction.secret_pools import FILLERS, WORDS
from tests.judge.redaction.secret_pools import REFRESH_TOKEN as RENEWED

# More, where more are asked for: `--hypothesis-profile search`.
MANY = settings(max_examples=max(120, settings().max_examples))
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


@pytest.mark.unmeasured
@pytest.mark.slow
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


@MANY
@given(recordings())
def test_a_redacted_recording_is_judged_alike(evidence: Evidence) -> None:
    """Rule, outcome, severity, parameter and exchange are the same, whatever is wrong with the client."""
    assert verdict(redact(evidence)) == verdict(evidence)


@MANY
@given(runs())
def test_a_redacted_run_is_judged_alike(evidence: Evidence) -> None:
    """So they are where the kit knows what it issued, and what a process wrote."""
    assert verdict(redact(evidence)) == verdict(evidence)


@pytest.mark.parametrize("issued", [True, False])
@pytest.mark.parametrize("left", [4, 8, 11])
def test_what_is_left_of_a_masked_token_is_heard(left: int, *, issued: bool) -> None:
    """Behind a name, too, where any other value is taken for a secret of its own (BIQ701)."""
    token = "7ab5c0d1" * 8
    evidence = read_example(story(signed_in().replace(TOKEN_1, token), f"stdout: token={token[:left]}..."))
    evidence = replace(evidence, facts=Facts(issued=(Secret("access_token", token),) if issued else ()))
    redacted = redact(evidence)
    assert verdict(redacted)["BIQ701"] == verdict(evidence)["BIQ701"]
    assert verdict(redacted)["BIQ701"][0] == "failed"
    assert redact(redacted) == redacted
    assert redacted.child is not None
    assert (token[:left].encode() in redacted.child.stdout) == issued


@MANY
@given(recordings() | runs())
def test_only_what_the_kit_issued_survives(evidence: Evidence) -> None:
    """A value that is a secret at one place is gone at every place, in every encoding of N7."""
    assert not survivors(evidence, write(redact(evidence)))


@MANY
@given(recordings() | runs())
def test_equal_values_stay_equal_and_others_apart(evidence: Evidence) -> None:
    """Place by place, a stand-in stands for one value, and a value has one stand-in."""
    before, after = list(_values(evidence)), list(_values(redact(evidence)))
    assert len(before) == len(after)
    pairs = set(zip(before, after, strict=True))
    assert len(pairs) == len({old for old, _ in pairs})
    assert len(pairs) == len({new for _, new in pairs})
    # What the kit issued stays, and so does what a client made of it.
    assert evidence.facts.issued or not {old for old, new in pairs if old == new} - set(FILLERS)


def _values(evidence: Evidence) -> Iterator[str]:
    """Give what stands where a message may have a secret, in order."""
    for exchange in evidence.exchanges:
        request = TokenRequest(exchange, Facts())
        yield from (field.value for field in request.fields if field.name.lower() in KINDS)
        yield from (value for name, value in request.answer.items() if name in KINDS and isinstance(value, str))


def survivors(evidence: Evidence, text: str) -> list[Leak]:
    """Find what the traffic shows to be secret, and the kit did not issue."""
    return Search(Secret("value", value) for value in _sent(evidence)).find(text)


def _sent(evidence: Evidence) -> set[str]:
    """Give the secrets that traffic shows, but for short ones, which may turn up by chance, and those that stay."""
    values = {
        secret.value for exchange in evidence.exchanges for secret in secrets_of(exchange) if secret.kind != "basic"
    }
    # As it is, and in another character set.
    issued = [text for secret in evidence.facts.issued for text in (secret.value, *charset_variants(secret.value))]
    # A word of the protocol and the client id stay where they are not secrets, whatever begins like them.
    public = {"external.customer", "other-app", *FILLERS, *WORDS}
    begun = {value[:SHORTEST_PREFIX] for value in public}
    return {
        value
        for value in values
        if len(value) >= SHORTEST_PREFIX
        and value[:SHORTEST_PREFIX] not in begun
        and not foreign(unquote(value))
        # What the kit issued stays, and with it whatever is a piece of it or begins as it does.
        and not any(value[:SHORTEST_PREFIX] in one or one[:SHORTEST_PREFIX] in unquote(value) for one in issued)
    }


@MANY
@given(recordings() | runs())
def test_redacting_twice_changes_nothing(evidence: Evidence) -> None:
    """Stand-ins are not secrets."""
    once = redact(evidence)
    assert write(redact(once)) == write(once)


def _api(value: str, shape: str = "Bearer {}") -> str:
    return f"GET /api\nAuthorization: {shape.format(value)}\nHTTP/1.1 401 Unauthorized\n\n"


_TOKEN = "Kq7vN2xW4mZ8tR1pLs9d"
_SECRET = "qkNGnrvTmiWT"
_FORM = "POST /identity/connect/token\nContent-Type: application/x-www-form-urlencoded\n\n"
# Each was found by random search, and is what remained once its cause was known.
TRACED = {
    "a stand-in shorter than twelve characters": (
        f"POST /identity/connect/token?code={_SECRET}\n\nHTTP/1.1 400 Bad Request\n\n",
        _FORM + f"grant_type=refresh_token&refresh_token={_SECRET}\nHTTP/1.1 400 Bad Request\n\n",
    ),
    "a name that is a short secret too": (
        _FORM + "grant_type=password&username=dpg2TMfG&password=x&client_secret=dpg2TMfG\nHTTP/1.1 400 Bad Request\n\n",
        "GET /api?access_token=dpg2TMfG\nHTTP/1.1 401 Unauthorized\n\n",
    ),
    "a short token beside a shorter one": (
        signed_in(granted(REFRESH_TOKEN := "5D7A0E92C4B1")),
        signed_in(granted(_TOKEN)),
        f"POST /identity/connect/token\nX-Api-Key: {_TOKEN}\n\nHTTP/1.1 400 Bad Request\n\n",
        called(REFRESH_TOKEN),
    ),
    "the mark of another tool in quotes": (signed_in(granted("[REDACTED]")), _api("[REDACTED]", 'Bearer "{}"')),
    "a token in which a shorter one stands": (signed_in(granted("C2uuV")), called("2C2uuV2", "401 Unauthorized")),
    "a token in round brackets": (signed_in(granted(_TOKEN)), called(f"({_TOKEN})", "401 Unauthorized")),
    "a word for nothing in brackets": (signed_in(granted("null")), _api("null", "Bearer <{}>")),
}


@pytest.mark.parametrize("name", TRACED)
def test_what_random_search_found_is_judged_alike(name: str) -> None:
    """A recording of each counterexample there was."""
    evidence = replace(read_example(story(*TRACED[name])), facts=Facts())
    assert verdict(redact(evidence)) == verdict(evidence)


def test_the_beginning_of_a_token_has_its_mark_wherever_it_is_met() -> None:
    """Cut off in the answer to the request that sent it: what the client prints of it is still a leak of that one."""
    sent, child = f"refresh_token={RENEWED}", Child(processes=(("a", f"x {RENEWED[:13]} y"),))
    cut = f'{_FORM}{sent}\nHTTP/1.1 200 OK\n\n{{"access_token": "{RENEWED[:-2]}'
    evidence = replace(read_example(story(cut)), facts=Facts(), child=child)
    assert verdict(evidence)["BIQ703"][0] == "failed"
    assert verdict(redact(evidence)) == verdict(evidence)


def test_a_token_that_was_cut_takes_its_rest_along() -> None:
    """Of a JWT that was met cut off at a dot, the signature does not stay where the whole of it stands."""
    whole = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI3NyJ9.Bq9ZkP3-xVt6yLm"
    cut = f'POST /identity/connect/token\n\nHTTP/1.1 200 OK\n\n{{"access_token": "{whole.rpartition(".")[0]}'
    evidence = replace(read_example(story(cut, f"GET /x\nX-Trace: id {whole}\nHTTP/1.1 200 OK\n\n")), facts=Facts())
    assert "xVt6yLm" not in write(redact(evidence))


def test_a_password_of_several_words_stays_whole_on_a_command_line() -> None:
    """What the kit issued is not a secret of others, though a word of it follows the name of one."""
    password = " Kq7pWz3mVx9bTn2c word "
    evidence = read_example(story(f"argv: curl -d password={password}", signed_in()))
    facts = replace(evidence.facts, password=password, issued=(Secret("password", password),))
    child = replace(evidence.child or Child(), argv=("curl", "-d", f"password={password}"))
    evidence = replace(evidence, facts=facts, child=child)
    assert redact(evidence).child == child
    assert verdict(redact(evidence)) == verdict(evidence)
    assert verdict(evidence)["BIQ703"][0] == "failed"


def test_what_was_made_of_an_issued_password_is_redacted_once() -> None:
    """The kit's own part of it stays, and what stands for the rest is known again."""
    sent = f"{_FORM}grant_type=password&username=svc.pit-42%40mine.example&password={_TOKEN}2\nHTTP/1.1 400 No\n\n"
    evidence = read_example(story(sent))
    facts = replace(evidence.facts, password=_TOKEN, issued=(Secret("password", _TOKEN),))
    once = redact(replace(evidence, facts=facts))
    assert _TOKEN.encode() + b"2" not in once.exchanges[0].request.body
    assert write(redact(once)) == write(once)
    assert verdict(once) == verdict(replace(evidence, facts=facts))
