"""Redaction of evidence: no secret survives, and the verdict stays what it was."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from blastiq_conformance.catalogue import Rule, catalogue
from blastiq_conformance.engine import judge
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.example import read_example
from blastiq_conformance.redaction.whole import redact
from blastiq_conformance.sources.recording import write
from fake_idp.redact import Search, Secret, secrets_of
from tests.judge.flawed_traffic import SECRETS, USERS, recordings, runs

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


@settings(max_examples=120, deadline=None, derandomize=True)
@given(recordings())
def test_a_redacted_recording_is_judged_alike(evidence: Evidence) -> None:
    """Rule, outcome, severity, parameter and exchange are the same, whatever is wrong with the client."""
    assert verdict(redact(evidence)) == verdict(evidence)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(runs())
def test_a_redacted_run_is_judged_alike(evidence: Evidence) -> None:
    """So they are where the kit knows what it issued, and what a process wrote."""
    assert verdict(redact(evidence)) == verdict(evidence)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(recordings() | runs())
def test_only_what_the_kit_issued_survives(evidence: Evidence) -> None:
    """A value that is a secret at one place is gone at every place, in every encoding of N7."""
    issued = {secret.value for secret in evidence.facts.issued}
    others = Search(Secret("value", value) for value in _sent(evidence) - issued)
    assert not others.find(write(redact(evidence)))


def _sent(evidence: Evidence) -> set[str]:
    found = (secret for exchange in evidence.exchanges for secret in secrets_of(exchange))
    return {secret.value for secret in found if secret.value in {*SECRETS, *USERS[:2]}}


@settings(max_examples=80, deadline=None, derandomize=True)
@given(recordings() | runs())
def test_redacting_twice_changes_nothing(evidence: Evidence) -> None:
    """Marks are no secrets."""
    once = redact(evidence)
    assert write(redact(once)) == write(once)
