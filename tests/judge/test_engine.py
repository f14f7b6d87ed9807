"""The judge itself: what it takes from a rule's problems, and what it leaves as it was."""

import gc
from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Outcome, Problem, catalogue
from blastiq_conformance.catalogue.example_messages import signed_in
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.judge.engine import judge
from tests.judge.example import read_example


@pytest.fixture
def evidence() -> Evidence:
    return read_example(signed_in())


def test_a_doubt_is_no_finding(evidence: Evidence) -> None:
    """A rule that cannot tell says why; what it knows for certain is told all the same."""
    doubtful = Problem(message="m", expected="e", received="r", doubt="nobody knows")
    rule = replace(catalogue()["BIQ211"], select=where(lambda _: True), check=lambda _: [doubtful])
    (result,) = judge(evidence, [rule])
    assert (result.outcome, result.reason, result.findings) == (Outcome.CANT_TELL, "nobody knows", ())
    both = replace(rule, check=lambda _: [replace(doubtful, doubt=""), doubtful])
    (result,) = judge(evidence, [both])
    assert (result.outcome, len(result.findings)) == (Outcome.FAILED, 1)


@pytest.mark.parametrize("collects", [True, False])
def test_the_collector_rests_and_is_left_as_it_was(evidence: Evidence, collects: bool) -> None:
    """Also where a check fails; whoever had switched it off finds it off."""
    during: list[bool] = []

    def fail(_: object) -> list[Problem]:
        during.append(gc.isenabled())
        raise ZeroDivisionError

    before = gc.isenabled()
    try:
        (gc.enable if collects else gc.disable)()
        with pytest.raises(ZeroDivisionError):
            judge(evidence, [replace(catalogue()["BIQ211"], select=where(lambda _: True), check=fail)])
        assert (during, gc.isenabled()) == ([False], collects)
    finally:
        (gc.enable if before else gc.disable)()
