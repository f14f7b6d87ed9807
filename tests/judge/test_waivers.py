"""Waivers: what they cover, when they are stale, and how a report shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import jsonschema
import pytest

from blastiq_conformance.catalogue import Outcome
from blastiq_conformance.report import Report
from blastiq_conformance.report.waivers import State, Waiver, Waivers, settle
from blastiq_conformance.schemas import shipped_schema
from blastiq_conformance.writers import terminal
from tests.judge.judged import AUDIENCE, GOOD, SCOPE, judged, rules

LAST = date(2027, 1, 31)
NEXT = date(2027, 2, 1)
WAIVER = Waiver(rule="BIQ211", reason="mended in release 7", owner="pat", expires=LAST)
IDS = ("BIQ211", "BIQ212")
DUE = {"BIQ211": frozenset({"a", "b"})}


def report(
    runs: Mapping[str, str],
    *given: Waiver,
    today: date = LAST,
    due: Mapping[str, frozenset[str]] = DUE,
    ids: Sequence[str] = IDS,
) -> Report:
    """Report on examples by the scenario in which they were seen."""
    return Report(
        [judged(text, scenario, ids=ids) for scenario, text in runs.items()],
        rules=rules(*ids),
        waivers=Waivers(given=given, today=today, due=due),
        command=("x",),
    )


IN_A, IN_B = replace(WAIVER, scenario="a"), replace(WAIVER, scenario="b")
BAD_A = {"a": AUDIENCE, "b": GOOD}


@pytest.mark.parametrize(
    ("runs", "waiver", "today", "state", "verdict"),
    [
        (BAD_A, WAIVER, LAST, "used", "conforms-with-waivers"),
        (BAD_A, WAIVER, NEXT, "expired", "violates"),
        (BAD_A, IN_A, LAST, "used", "conforms-with-waivers"),
        (BAD_A, IN_B, LAST, "stale", "violates"),
        ({"a": GOOD, "b": GOOD}, WAIVER, LAST, "stale", "violates"),
        ({"a": GOOD, "b": GOOD}, WAIVER, NEXT, "expired", "violates"),
        ({"a": GOOD}, WAIVER, LAST, "open", "conforms"),
        ({"a": GOOD}, IN_A, LAST, "stale", "violates"),
        ({"a": GOOD}, IN_B, LAST, "open", "conforms"),
        ({"a": AUDIENCE}, WAIVER, LAST, "used", "conforms-with-waivers"),
        ({"a": "GET /identity/.well-known/openid-configuration"}, IN_A, LAST, "open", "incomplete"),
    ],
    ids=[
        "used",
        "expired",
        "of-this-scenario",
        "of-another-scenario",
        "stale",
        "expired-and-not-needed",
        "not-all-played",
        "its-scenario-played",
        "its-scenario-not-played",
        "used-in-a-part",
        "untested",
    ],
)
def test_what_becomes_of_a_waiver(
    runs: Mapping[str, str], waiver: Waiver, today: date, state: str, verdict: str
) -> None:
    """It holds to the end of its last day; it is stale only once everything was played that could need it."""
    made = report(runs, waiver, today=today)
    assert ([str(standing.state) for standing in made.standings], str(made.verdict)) == ([state], verdict)
    assert made.exit_code == {"violates": 1, "incomplete": 4}.get(verdict, 0)


def test_a_rule_that_no_scenario_judged_is_not_stale() -> None:
    """Left out by --rule, nothing is known of it."""
    assert report({"a": GOOD}, replace(WAIVER, rule="BIQ510")).standings[0].state == "open"


def test_what_is_waived_is_shown_with_its_findings() -> None:
    """The outcome is waived; reason, owner and last day stand beside the finding; it counts as no error."""
    model = report(BAD_A, WAIVER).to_model()
    jsonschema.validate(model, shipped_schema("report"))
    result = next(result for result in model["results"] if result["rule"] == "BIQ211")
    assert (result["outcome"], result["reason"]) == ("waived", "waived until 2027-01-31 by pat: mended in release 7")
    assert [finding["waiver"] for finding in result["findings"]] == [0]
    assert (model["counts"]["waived"], model["counts"]["errors"]) == (1, 0)
    assert (model["waivers"][0]["owner"], model["waivers"][0]["state"]) == ("pat", "used")
    assert model["headlines"][0]["outcome"] == "waived"
    assert model["meaning"].endswith("; what failed is waived")
    text = terminal.write(model)
    for part in (
        "WAIVED  BIQ211 audience-sent",
        "waived     until 2027-01-31 by pat: mended in release 7",
        "WAIVED      BIQ211 failed and is waived until 2027-01-31.",
        "            mended in release 7 (pat, until 2027-01-31)",
        "CONFORMS, WITH WAIVERS",
    ):
        assert part in text
    assert "FAIL" not in text


def test_a_failure_elsewhere_is_none_of_its_business() -> None:
    """Waived in one scenario, failed in another: failed, with both shown apart."""
    model = report({"a": AUDIENCE, "b": AUDIENCE}, IN_A).to_model()
    result = next(result for result in model["results"] if result["rule"] == "BIQ211")
    assert (result["outcome"], model["verdict"], model["counts"]["errors"]) == ("failed", "violates", 1)
    assert [finding["waiver"] for finding in result["findings"]] == [0, None]
    text = terminal.write(model)
    assert text.index("      FAIL       ") < text.index("      WAIVED     ")


def test_a_waived_error_does_not_make_an_error_of_a_warning() -> None:
    """The severity of what is left decides."""
    made = report({"a": SCOPE, "b": GOOD.rstrip() + "&scope="}, replace(IN_A, rule="BIQ212"))
    assert {result.rule: len(result.findings) for result in made.results} == {"BIQ211": 0, "BIQ212": 1}
    assert (str(made.verdict), made.to_model()["counts"]["warnings"]) == ("conforms-with-waivers", 1)


@pytest.mark.parametrize(
    ("runs", "today", "text", "meaning"),
    [
        ({"a": GOOD, "b": GOOD}, LAST, "STALE       BIQ211 did not fail", "a waiver is stale or expired"),
        ({"a": GOOD, "b": GOOD}, NEXT, "EXPIRED     the waiver of BIQ211", "a waiver is stale or expired"),
        (BAD_A, NEXT, "FAIL  BIQ211", "at least one finding of severity error, and a waiver is stale or expired"),
        ({"a": GOOD}, LAST, "OPEN        nothing is known yet of BIQ211 (not run: b)", ""),
    ],
    ids=["stale", "expired", "expired-and-failed", "open"],
)
def test_each_state_has_its_own_text(runs: Mapping[str, str], today: date, text: str, meaning: str) -> None:
    """It says what happened and what to do."""
    model = report(runs, WAIVER, today=today).to_model()
    assert text in terminal.write(model)
    assert not meaning or model["meaning"] == meaning


def test_untested_is_said_of_an_open_one() -> None:
    """Not everything open is a matter of scenarios left out; a scenario of its own is named."""
    made = report({"a": "GET /identity/.well-known/openid-configuration"}, IN_A)
    assert made.standings[0].text.startswith("nothing is known yet of BIQ211 in a (the rule stayed untested)")


def test_secrets_in_a_reason_are_redacted() -> None:
    """A reason that quotes a password is no way out."""
    password = judged(AUDIENCE).evidence.facts.password or ""
    model = report(BAD_A, replace(WAIVER, reason=f"uses {password}")).to_model()
    assert password
    assert password not in terminal.write(model)


@pytest.mark.parametrize(
    ("outcomes", "awaits", "state"),
    [
        ("inapplicable", "", "stale"),
        ("untested", "", "open"),
        ("untested passed", "", "stale"),
        ("cant_tell passed", "", "open"),
        ("passed", "b", "open"),
        ("passed waived", "b", "used"),
        ("", "", "open"),
    ],
)
def test_what_is_seen_settles_a_waiver(outcomes: str, awaits: str, state: str) -> None:
    """It is stale where all that could need it was seen, and did not fail."""
    assert settle(WAIVER, map(Outcome, outcomes.split()), awaits.split(), LAST) == State(state)
