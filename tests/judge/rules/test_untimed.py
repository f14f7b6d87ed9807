"""Cassettes say what was sent, and not when: no rule about time accuses them."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.catalogue.example_messages import TOKEN_2, TOKEN_3, called, granted, signed_in, story
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.judge.engine import judge
from tests.judge.example import read_example

TIMED = ["BIQ605", "BIQ802", "BIQ803", "BIQ804", "BIQ821", "BIQ822", "BIQ823", "BIQ824", "BIQ825", "BIQ826", "BIQ827"]


def untimed(evidence: Evidence) -> Evidence:
    """The same as a cassette gives it: no times, and nothing known of the process."""
    exchanges = tuple(replace(x, started=0.0, ended=0.0, source="cassette.yaml") for x in evidence.exchanges)
    return replace(evidence, exchanges=exchanges, child=None, facts=replace(evidence.facts, scenario=""))


@pytest.mark.parametrize("rule", TIMED)
def test_what_breaks_a_rule_of_time_breaks_none_without_times(rule: str) -> None:
    """The bad example of each, its times taken away."""
    (result,) = judge(untimed(read_example(catalogue()[rule].bad)), [catalogue()[rule]])
    assert (result.outcome in {"inapplicable", "untested"}, result.findings) == (True, ())


def test_a_long_cassette_of_a_right_client_has_no_finding() -> None:
    """Several tests in one file, each with a sign-in of its own and more calls than a minute may have."""
    text = story(
        signed_in(),
        called(),
        "repeat: 80 +0.1",
        signed_in(granted(TOKEN_2)),
        called(TOKEN_2),
        signed_in(granted(TOKEN_3)),
        called(TOKEN_3),
    )
    results = judge(untimed(read_example(text)), catalogue().values())
    assert [finding for result in results for finding in result.findings] == []
