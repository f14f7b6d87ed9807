"""JUnit XML: what became of a rule is what a CI makes of the case."""

import copy
import json
from xml.etree import ElementTree as ET

from blastiq_conformance.report import Report, several
from blastiq_conformance.report.entries import entries
from blastiq_conformance.report.shape import Model
from blastiq_conformance.writers import ctrf
from blastiq_conformance.writers.junit import write
from tests.judge.judged import AUDIENCE, GOOD, judged, report, rules
from tests.judge.writers.models import mixed, recorded

PARTS = ["received", "expected", "why", "source", "fix", "again"]


def cases(model: Model) -> dict[str, ET.Element]:
    """Give the cases by name, below the first suite."""
    suites = ET.fromstring(write(model))  # noqa: S314 - ours
    return {case.attrib["name"]: case for case in suites[0].iter("testcase")}


def test_a_violation_is_a_failure_with_its_six_parts() -> None:
    """The message stands in the text as well: older GitLab shows nothing else."""
    case = cases(report(AUDIENCE).to_model())["BIQ211 audience-sent"]
    (failure,) = case
    assert case.attrib["classname"] == "blastiq.request"
    assert failure.tag == "failure"
    assert failure.attrib == {"type": "MUST NOT", "message": "the token request carries an audience parameter"}
    text = failure.text or ""
    assert text.startswith("the token request carries an audience parameter\nFAIL  BIQ211")
    assert [part for part in PARTS if f"\n      {part} " in text] == PARTS


def test_each_outcome_has_its_element() -> None:
    """Failures; warnings and waived findings as output; what is open and binding as an error; skipped for the rest."""
    found = {name: [child.tag for child in case] for name, case in cases(mixed().to_model()).items()}
    assert found == {
        "BIQ209 client-secret-sent": ["system-out"],
        "BIQ211 audience-sent": ["failure"],
        "BIQ212 unexpected-scope": ["system-out"],
        "BIQ213 parameter-repeated": [],
        "BIQ601 token-outside-authorization-header": ["error"],
        "BIQ602 token-in-query": ["error"],
        "BIQ821 more-than-20-calls-in-10-seconds": ["skipped"],
    }


def test_what_was_allowed_to_stay_open_is_no_error() -> None:
    """The exit code is 0, so the suite is not red."""
    made = Report([judged(GOOD)], rules=rules(), allow_untested=True).to_model()
    assert made["exit_code"] == 0
    assert {child.tag for case in cases(made).values() for child in case} == {"skipped"}


def test_a_recording_is_partial_by_nature() -> None:
    """Rules that it cannot show are skipped; its findings name file and line."""
    found = cases(recorded().to_model())
    assert {child.tag for case in found.values() for child in case} == {"failure", "skipped"}
    case = found["BIQ212 unexpected-scope"]
    assert (case.attrib["file"], case.attrib["line"]) == ("cassettes/a b.yaml", "12")


def test_a_place_without_a_line_has_none() -> None:
    """The number of an entry is not a line."""
    case = cases(recorded(place="#3").to_model())["BIQ212 unexpected-scope"]
    assert "line" not in case.attrib


def test_targets_are_suites_and_no_name_comes_twice() -> None:
    """GitLab keeps the first of two cases with one class and name."""
    model = several([report(GOOD).to_model(), report(GOOD).to_model()])
    suites = ET.fromstring(write(model))  # noqa: S314 - ours
    assert [suite.attrib["name"] for suite in suites] == ["blastiq default", "blastiq default 2"]
    classes = {case.attrib["classname"] for case in suites.iter("testcase")}
    assert classes == {"blastiq.default.request", "blastiq.default 2.request"}


def test_a_field_stays_within_eight_thousand_characters() -> None:
    """Harness takes no more: what has no room is counted."""
    model = report(AUDIENCE).to_model()
    (result,) = [result for result in model["results"] if result["rule"] == "BIQ211"]
    finding = result["findings"][0]
    for letter in "abcdefghijklmnopqrstuvwxyz":
        result["findings"].append(copy.copy(finding) | {"received": letter * 500, "message": letter})
    result["entries"] = entries(result["findings"])
    (failure,) = cases(model)["BIQ211 audience-sent"]
    assert len(failure.text or "") < 8_000
    assert "21 other kinds, which the JSON report lists" in (failure.text or "")
    result["findings"] = [copy.copy(finding) | {"reproduce": "x" * 20_000}]
    result["entries"] = entries(result["findings"])
    (failure,) = cases(model)["BIQ211 audience-sent"]
    assert len(failure.text or "") < 8_000


def test_what_another_rule_explains_did_not_pass() -> None:
    """It was not judged: skipped, with the reason, as CTRF has it."""
    model = report(AUDIENCE, ids=("BIQ211", "BIQ212")).to_model()
    (result,) = [result for result in model["results"] if result["rule"] == "BIQ212"]
    result |= {"outcome": "cant_tell", "reason": "explained by BIQ211", "explained": ["BIQ211"]}
    (skipped,) = cases(model)["BIQ212 unexpected-scope"]
    assert (skipped.tag, skipped.attrib["message"]) == ("skipped", "explained by BIQ211")
    (test,) = [test for test in json.loads(ctrf.write(model))["results"]["tests"] if "BIQ212" in test["name"]]
    assert test["status"] == "skipped"


def test_causes_of_one_rule_are_told_together() -> None:
    """Each once, with how often it was seen; what they share is said once, in JUnit as in CTRF."""
    model = report(AUDIENCE, AUDIENCE).to_model()
    (result,) = [result for result in model["results"] if result["rule"] == "BIQ211"]
    result["findings"] = [*result["findings"], result["findings"][0] | {"message": "another way"}]
    result["entries"] = entries(result["findings"])
    (failure,) = cases(model)["BIQ211 audience-sent"]
    message, text = "the token request carries an audience parameter", failure.text or ""
    assert failure.attrib["message"] == f"{message} (and 1 more)"
    assert [text.count(f"\n      {part} ") for part in ("FAIL", "seen", "expected", "why", "fix")] == [2, 1, 1, 1, 1]
    (test,) = [test for test in json.loads(ctrf.write(model))["results"]["tests"] if "BIQ211" in test["name"]]
    assert (test["message"], test["trace"]) == (f"{message}\nanother way", text)


def test_what_did_not_run_is_an_error() -> None:
    """With its text, so that an empty suite is not green."""
    (case,) = cases(Report(text="no such program").to_model()).values()
    assert [(child.tag, child.text) for child in case] == [("error", "no such program")]
