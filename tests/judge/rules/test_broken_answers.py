"""Answers that came in part, in drops or not at all: what their delivery says, which no example can write."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import DISCOVERED, called, signed_in, story
from blastiq_conformance.evidence import Evidence
from fake_idp.wire import Delivery, Ending
from tests.judge.example import read_example
from tests.judge.rules.verdicts import result, verdict


def delivered(example: str, delivery: Delivery) -> Evidence:
    """The example, with its last answer delivered so."""
    evidence = read_example(example)
    *others, last = evidence.exchanges
    assert last.response is not None
    return replace(evidence, exchanges=(*others, replace(last, response=replace(last.response, delivery=delivery))))


@pytest.mark.parametrize("ending", [Ending.CUT, Ending.RESET, Ending.NEVER])
def test_half_an_answer_is_a_failure(ending: Ending) -> None:
    """BIQ806: an exit status of 0 hides it, whatever the status of the answer said."""
    (finding,) = result("BIQ806", delivered(story(signed_in(), called()), Delivery(ending=ending))).findings
    assert finding.received == "GET /api was answered in part only, and the exit status is 0"


def test_a_whole_answer_is_none() -> None:
    """BIQ806: the same, delivered whole."""
    assert verdict("BIQ806", delivered(story(signed_in(), called()), Delivery(drip=0.1))) == "inapplicable"


@pytest.mark.parametrize(("drip", "expected"), [(1.0, "info"), (0.5, "inapplicable")])
def test_drops_that_are_a_second_apart_are_silence(drip: float, expected: str) -> None:
    """BIQ804: an answer in quicker drops gets to its end."""
    example = story("facts: scenario = slow-answer", signed_in(), "took: 119", "exit: timeout")
    assert verdict("BIQ804", delivered(example, Delivery(drip=drip))) == expected


@pytest.mark.parametrize(
    ("rule", "request_", "idle", "tries", "expected"),
    [
        pytest.param("BIQ412", signed_in(), 9.0, 3, "passed", id="token: tries, as BIQ805 says"),
        pytest.param("BIQ412", signed_in(), 100.0, 3, "error", id="token: hangs after three tries"),
        pytest.param("BIQ412", signed_in(), 9.0, 2, "error", id="token: hangs after two"),
        pytest.param("BIQ106", DISCOVERED, 9.0, 3, "passed", id="discovery: tries"),
        pytest.param("BIQ106", DISCOVERED, 100.0, 3, "error", id="discovery: hangs"),
    ],
)
def test_who_asks_again_and_again_does_not_hang(
    rule: str, request_: str, idle: float, tries: int, expected: str
) -> None:
    """Wget tries twenty times by itself, and had two more errors for what BIQ805 says of it."""
    evidence = read_example("\n### +10\n".join([*[request_] * tries, "exit: timeout"]))
    cut = Delivery(ending=Ending.CUT, after=40)
    exchanges = tuple(
        replace(each, response=replace(each.response, delivery=cut, body=each.response.body[:40]))
        for each in evidence.exchanges
        if each.response is not None
    )
    assert evidence.child is not None
    waiting = replace(evidence, exchanges=exchanges, child=replace(evidence.child, idle=idle))
    assert verdict(rule, waiting).split()[-1] == expected
