"""Acts: each exchange is judged by the rules of the scenario that was being played when it arrived."""

from collections.abc import Iterator

import pytest

from blastiq_conformance.catalogue import Outcome, Profile, catalogue
from blastiq_conformance.control.scenario_runs import scenario_runs
from blastiq_conformance.control.selection import start
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.trial.judging import judge_together
from tests.judge.control.controlled_fake import USER, ControlledFake, controlled_fake


@pytest.fixture
def controlled() -> Iterator[ControlledFake]:
    """A fake that is up."""
    with controlled_fake() as made:
        yield made


def evidence(controlled: ControlledFake) -> Evidence:
    facts = Facts(username=USER.username, password=USER.password, authority=controlled.listener.authority)
    return Evidence(exchanges=controlled.idp.journal.exchanges, facts=facts)


def test_nothing_is_one_run_of_the_scenario_that_is_named() -> None:
    """A verdict on nothing is still a verdict on that scenario."""
    empty = Evidence(exchanges=(), facts=Facts(scenario="sign-in"))
    assert scenario_runs(empty) == (empty,)


def test_exchanges_are_parted_by_scenario(controlled: ControlledFake) -> None:
    """In order of appearance, one that comes again together with the first; each with its facts."""
    controlled.discover()
    start(controlled.controller, "token-dies")
    controlled.discover()
    start(controlled.controller, "sign-in")
    controlled.discover()
    start(controlled.controller, "token-dies")
    controlled.discover()
    found = [
        (scenario_run.facts.scenario, [x.number for x in scenario_run.exchanges])
        for scenario_run in scenario_runs(evidence(controlled))
    ]
    assert found == [("", [1]), ("token-dies", [2, 4]), ("sign-in", [3])]
    assert [scenario_run.facts.api_calls for scenario_run in scenario_runs(evidence(controlled))] == [1, 2, 1]
    assert {scenario_run.facts.username for scenario_run in scenario_runs(evidence(controlled))} == {USER.username}


def test_each_scenario_run_is_judged_by_what_occurs_in_it(controlled: ControlledFake) -> None:
    """A refusal in one act, and none in the other: every rule judges both, and finds its subject or not."""
    start(controlled.controller, "wrong-password")
    controlled.sign_in()
    start(controlled.controller, "sign-in")
    controlled.call(controlled.token())
    judged = judge_together(scenario_runs(evidence(controlled)), catalogue().values(), Profile.ARTICLE)
    assert [judgement.scenario for judgement in judged] == ["wrong-password", "sign-in"]
    first, second = ({result.rule: result.outcome for result in judgement.results} for judgement in judged)
    assert (first["BIQ801"], second["BIQ801"]) == (Outcome.PASSED, Outcome.INAPPLICABLE)
    # It takes no discovery, wherever it plays.
    assert {rule for rule, outcome in second.items() if outcome is Outcome.FAILED} == {"BIQ103"}
