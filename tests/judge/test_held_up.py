"""A kit that was late itself: what a client did once it was answered proves nothing, what it sent still does (D55)."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Outcome, Result, Rule, catalogue
from blastiq_conformance.catalogue.example_messages import called, signed_in
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.report import Judgement, Report
from tests.judge.example import read_example

# What a right client was accused of on a machine at load 20.
ACCUSED = ("BIQ411", "BIQ415", "BIQ501", "BIQ505", "BIQ808")
# Of every kind that does not depend on time: transport, discovery, request, credentials, answers, tokens, output.
SENT = ("BIQ001", "BIQ002", "BIQ103", "BIQ104", "BIQ209", "BIQ211", "BIQ208", "BIQ301", "BIQ410", "BIQ602", "BIQ701")


def held_up(evidence: Evidence, seconds: float = 4.2) -> Evidence:
    return replace(evidence, facts=replace(evidence.facts, held_up=seconds))


def judged(evidence: Evidence, rule: Rule) -> Result:
    (result,) = judge(evidence, [rule])
    return result


@pytest.mark.parametrize("number", ACCUSED)
def test_no_conduct_is_blamed_on_a_client_whose_kit_was_late(number: str) -> None:
    """What is a finding on a quiet machine is none then, and the reason says how late the kit was, and what to do."""
    rule = catalogue()[number]
    evidence = read_example(rule.bad)
    assert judged(evidence, rule).outcome is Outcome.FAILED
    late = judged(held_up(evidence), rule)
    assert (late.outcome, late.findings) == (Outcome.CANT_TELL, ())
    assert late.reason.startswith("the kit itself was held up for 4.2 s")
    assert "run it again" in late.reason


@pytest.mark.parametrize("number", SENT)
def test_what_was_sent_is_a_finding_however_late_the_kit_was(number: str) -> None:
    """No answer that comes late makes a client send a secret, trust a certificate, or go on without a token."""
    rule = catalogue()[number]
    evidence = read_example(rule.bad)
    assert judged(evidence, rule).outcome is Outcome.FAILED
    assert judged(held_up(evidence), rule) == judged(evidence, rule)


def test_every_rule_is_of_one_kind_or_the_other() -> None:
    """A late kit leaves a finding as it is or makes it undecided, and never turns it into a pass."""
    for rule in catalogue().values():
        late = judged(held_up(read_example(rule.bad)), rule)
        assert late.outcome in {Outcome.FAILED, Outcome.CANT_TELL}, rule.id
        assert not (rule.conduct and late.findings), rule.id


def test_an_oddity_is_not_blamed_where_the_kit_was_late() -> None:
    """BIQ109 judges discovery and no conduct, but blames what the document holds: the client may have given up."""
    rule = catalogue()["BIQ109"]
    assert not rule.conduct
    assert judged(held_up(read_example(rule.bad)), rule).outcome is Outcome.CANT_TELL


def test_that_a_client_stopped_proves_nothing_where_the_kit_was_late() -> None:
    """A client that must refuse an answer may have stopped because none came in time."""
    rule = catalogue()["BIQ410"]
    evidence = read_example(rule.good)
    assert judged(evidence, rule).outcome is Outcome.PASSED
    assert judged(held_up(evidence), rule).outcome is Outcome.CANT_TELL


def test_a_pass_of_conduct_proves_nothing_either() -> None:
    """A late kit slows a client down that would otherwise exceed the limits."""
    rule = catalogue()["BIQ821"]
    evidence = read_example(rule.good)
    assert judged(evidence, rule).outcome is Outcome.PASSED
    assert judged(held_up(evidence), rule).outcome is Outcome.CANT_TELL


def test_what_a_scenario_had_to_show_and_did_not_names_the_late_kit() -> None:
    """An integration that gave up before its token request is not told that it sent none."""
    rule = catalogue()["BIQ211"]
    nothing = held_up(Evidence(exchanges=()))
    assert judged(nothing, rule).outcome is Outcome.UNTESTED
    assert "held up" in judged(nothing, rule).reason


def test_pauses_are_not_compared_with_those_of_a_late_kit() -> None:
    """BIQ827 takes the usual pause from the control, unless the kit made the pauses longer there."""
    rule = catalogue()["BIQ827"]
    throttled = called(status="429 Too Many Requests")
    slowed_down = read_example(f"{signed_in()}\n### +1\n{called()}\n### +1\n{throttled}\n### +1.5\n{called()}")
    control = read_example("\n### +3\n".join([signed_in(), *[called()] * 4]))
    assert judged(replace(slowed_down, control=control), rule).outcome is Outcome.FAILED
    assert judged(replace(slowed_down, control=held_up(control)), rule).outcome is Outcome.PASSED


def test_a_late_kit_makes_a_run_incomplete_and_no_violation() -> None:
    """Exit 4 where a binding rule stays open because of it; exit 1 where something was sent that must not be."""
    rules = catalogue()
    for number, code in (("BIQ808", 4), ("BIQ209", 1)):
        evidence = held_up(read_example(rules[number].bad))
        judgement = Judgement(
            scenario="sign-in", evidence=evidence, results=tuple(judge(evidence, [rules[number], rules["BIQ808"]]))
        )
        assert Report([judgement], rules={number: rules[number]}).exit_code == code
