"""Redaction of evidence: no secret survives, and the verdict stays what it was."""

from collections.abc import Iterator

from hypothesis import given, settings

from blastiq_conformance.catalogue import Rule, catalogue
from blastiq_conformance.engine import judge
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.example import read_example
from blastiq_conformance.redaction import redact
from blastiq_conformance.sources.recording import write
from fake_idp.redact import Search, Secret
from tests.judge.flawed_traffic import SECRETS, recordings, runs

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


@settings(max_examples=300, deadline=None)
@given(recordings())
def test_a_redacted_recording_is_judged_alike(evidence: Evidence) -> None:
    """Rule, outcome, severity, parameter and exchange are the same, whatever is wrong with the client."""
    assert verdict(redact(evidence)) == verdict(evidence)


@settings(max_examples=300, deadline=None)
@given(runs())
def test_a_redacted_run_is_judged_alike(evidence: Evidence) -> None:
    """So they are where the kit knows what it issued, and what a process wrote."""
    assert verdict(redact(evidence)) == verdict(evidence)
