"""What the report keeps of its plays, for pictures: which, with what times, and what was odd where."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue import Profile
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.report import Judgement, Report
from blastiq_conformance.report.shape import ReportShape, RunShape
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.scenarios.oddity import oddity
from blastiq_conformance.trial.judging import judge_together
from fake_idp.classify import Kind
from fake_idp.wire import Delivery, Ending, Response
from tests.judge.judged import AUDIENCE, GOOD, judged, rules


def model_of(*judgements: Judgement) -> ReportShape:
    return Report(judgements, rules=rules("BIQ211")).to_model()


def plays_of(*judgements: Judgement) -> list[RunShape]:
    return model_of(*judgements)["volatile"]["plays"]


def played(text: str, scenario: str, *, benign: bool = False) -> Judgement:
    judgement = judged(text, scenario, ids=("BIQ211",))
    facts = replace(judgement.evidence.facts, benign=benign)
    return replace(judgement, evidence=replace(judgement.evidence, facts=facts))


def test_the_plainest_play_and_those_with_a_finding_are_kept() -> None:
    """First the one in which nothing is odd; one without a finding is left out."""
    kept = plays_of(played(GOOD, "a"), played(GOOD, "b", benign=True), played(AUDIENCE, "c"))
    assert [scenario_run["scenario"] for scenario_run in kept] == ["b", "c"]


def test_a_play_is_told_from_its_first_request_on() -> None:
    """In milliseconds, with the connection of each request, and how its answer ended."""
    judgement = played(AUDIENCE, "s")
    (exchange,) = judgement.evidence.exchanges
    cut = Response(status=200, delivery=Delivery(ending=Ending.CUT, after=1))
    exchanges = (
        replace(exchange, started=100.0, ended=100.25, via=1),
        replace(exchange, number=2, started=101.5, ended=103.0, via=2, response=cut),
    )
    (scenario_run,) = plays_of(replace(judgement, evidence=replace(judgement.evidence, exchanges=exchanges)))
    told = [
        (x["start"], x["end"], x["connection"], x["status"], x["ending"], x["shown"]) for x in scenario_run["exchanges"]
    ]
    assert scenario_run["timed"]
    assert told == [(0, 250, 1, None, "never", 0), (1500, 3000, 2, 200, "cut", None)]


def test_at_most_a_thousand_requests_are_kept() -> None:
    """A storm does not make a report of megabytes."""
    judgement = played(AUDIENCE, "s")
    (exchange,) = judgement.evidence.exchanges
    many = tuple(replace(exchange, number=number) for number in range(1, 800))
    stormy = replace(judgement, evidence=replace(judgement.evidence, exchanges=many))
    kept = plays_of(stormy, replace(stormy, scenario="t"), replace(stormy, scenario="u"))
    assert [len(scenario_run["exchanges"]) for scenario_run in kept] == [799, 201]


def test_the_sign_in_is_told_field_by_field() -> None:
    """As it was sent, without its secrets; its exchange is kept although no finding names it."""
    model = model_of(played(GOOD, "s"))
    assert model["sign_in"] is not None
    assert [(field["name"], field["value"]) for field in model["sign_in"]["fields"]] == [
        ("grant_type", "password"),
        ("username", "<username:1>"),
        ("password", "<password:1>"),
        ("client_id", "external.customer"),
    ]
    assert {field["place"] for field in model["sign_in"]["fields"]} == {"form field"}
    assert model["exchanges"][model["sign_in"]["shown"]]["kind"] == "token"


def test_without_a_token_request_there_is_no_sign_in() -> None:
    """Nor a play, where nothing was found."""
    model = model_of(played("GET /other\n", "s"))
    assert (model["sign_in"], model["volatile"].get("plays")) == (None, None)


@pytest.mark.parametrize(
    ("slug", "variant", "kind"),
    [
        ("token-dies", "", Kind.API),
        ("throttled", "api", Kind.API),
        ("unavailable", "retry-after-date", Kind.TOKEN),
        ("endpoint-moved", "", Kind.DISCOVERY),
        ("authority-slash", "", None),
        ("special-characters", "space", Kind.TOKEN),
        ("parallel", "", Kind.API),
        ("tls-expired", "at-once", None),
        ("attended-denied", "", Kind.IDENTITY),
        ("attended-code-expired", "", Kind.TOKEN),
        ("sign-in", "", None),
    ],
)
def test_it_is_known_which_requests_meet_what_is_odd(slug: str, variant: str, kind: Kind | None) -> None:
    """By the knob that is turned; in TLS and in plain scenarios none does."""
    scenario = scenarios()[slug]
    assert oddity(scenario, variant) == ("" if scenario.benign else scenario.done, kind)


def test_of_a_scenario_that_nobody_knows_nothing_is_odd() -> None:
    """A test of somebody's own, a recording."""
    assert oddity(None, "x") == ("", None)
    assert oddity(scenarios()["throttled"], "of another version") == (scenarios()["throttled"].done, None)


def test_what_is_odd_is_marked_where_it_went_wrong() -> None:
    """At the first request that met it and failed, not at one before."""
    judgement = played(AUDIENCE, "throttled")
    (exchange,) = judgement.evidence.exchanges
    statuses = (200, 429, 429)
    exchanges = tuple(
        replace(exchange, number=number, response=Response(status=status)) for number, status in enumerate(statuses, 1)
    )
    evidence = Evidence(exchanges=exchanges, facts=Facts(scenario="throttled", variant="token"))
    (scenario_run,) = plays_of(*judge_together([evidence], rules("BIQ211").values(), Profile.ARTICLE))
    assert (scenario_run["odd"], scenario_run["oddity"]) == (2, scenarios()["throttled"].done)
