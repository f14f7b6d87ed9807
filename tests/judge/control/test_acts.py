"""Acts: each exchange is judged by the rules of the scenario that was being played when it arrived."""

from collections.abc import Iterator

import pytest

from blastiq_conformance.catalogue import Outcome, Profile, catalogue
from blastiq_conformance.control.acts import acts, judgements
from blastiq_conformance.evidence import Evidence, Facts
from tests.judge.control.stage import USER, Stage, staged


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A fake that is up."""
    with staged() as made:
        yield made


def evidence(stage: Stage) -> Evidence:
    facts = Facts(username=USER.username, password=USER.password, authority=stage.listener.authority)
    return Evidence(exchanges=stage.idp.journal.exchanges, facts=facts)


def test_nothing_is_one_act_of_the_scenario_that_is_named() -> None:
    """A verdict on nothing is still a verdict on that scenario."""
    empty = Evidence(exchanges=(), facts=Facts(scenario="sign-in"))
    assert acts(empty) == (empty,)


def test_exchanges_are_parted_by_scenario(stage: Stage) -> None:
    """In order of appearance, one that comes again together with the first; each with its facts."""
    stage.discover()
    stage.director.play("token-dies")
    stage.discover()
    stage.director.play("sign-in")
    stage.discover()
    stage.director.play("token-dies")
    stage.discover()
    found = [(act.facts.scenario, [x.number for x in act.exchanges]) for act in acts(evidence(stage))]
    assert found == [("", [1]), ("token-dies", [2, 4]), ("sign-in", [3])]
    assert [act.facts.api_calls for act in acts(evidence(stage))] == [1, 2, 1]
    assert {act.facts.username for act in acts(evidence(stage))} == {USER.username}


def test_each_act_is_judged_by_what_occurs_in_it(stage: Stage) -> None:
    """A refusal in one act, and none in the other: every rule judges both, and finds its subject or not."""
    stage.director.play("wrong-password")
    stage.sign_in()
    stage.director.play("sign-in")
    stage.call(stage.token())
    judged = judgements(evidence(stage), catalogue().values(), Profile.ARTICLE)
    assert [judgement.scenario for judgement in judged] == ["wrong-password", "sign-in"]
    first, second = ({result.rule: result.outcome for result in judgement.results} for judgement in judged)
    assert (first["BIQ801"], second["BIQ801"]) == (Outcome.PASSED, Outcome.INAPPLICABLE)
    # It takes no discovery, wherever it plays.
    assert {rule for rule, outcome in second.items() if outcome is Outcome.FAILED} == {"BIQ103"}
