"""SARIF: where a finding is shown, as what, and that it is known again."""

import copy
import json
from typing import Any

import pytest

from blastiq_conformance.report import Report, several
from blastiq_conformance.report.shape import Model
from blastiq_conformance.writers import sarif
from tests.judge.judged import AUDIENCE, report
from tests.judge.writers.models import mixed, recorded


def run_of(model: Model) -> Any:
    """Give the one run."""
    (run,) = json.loads(sarif.write(model))["runs"]
    return run


@pytest.mark.parametrize(
    ("file", "place", "uri", "line"),
    [
        ("cassettes/a b.yaml", ":12", "cassettes/a%20b.yaml", 12),
        ("a.har", "#3", "a.har", 1),
        ("a.har", "", "a.har", 1),
        ("/logs/ä.har", "#3", "file:///logs/%C3%A4.har", 1),
        ("C:\\logs\\x.har", "#1", "file:///C:/logs/x.har", 1),
        ("x\\y.har", "#1", "x/y.har", 1),
    ],
    ids=["line", "entry", "file", "absolute", "drive", "backslash"],
)
def test_a_finding_stands_on_its_line(file: str, place: str, uri: str, line: int) -> None:
    """Relative where the file was given so; the first line where no other is known."""
    (result,) = run_of(recorded(file=file, place=place).to_model())["results"]
    where = result["locations"][0]["physicalLocation"]
    assert where == {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}


def test_a_run_points_to_its_configuration() -> None:
    """Code scanning takes no result without a place; the exchange is named beside it."""
    (result,) = run_of(report(AUDIENCE).to_model())["results"]
    assert result["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "blastiq.toml"}, "region": {"startLine": 1}},
            "logicalLocations": [{"fullyQualifiedName": "s0/exchange 1"}],
        }
    ]
    text = result["message"]["text"].splitlines()
    assert text[0] == "the token request carries an audience parameter"
    assert [line.partition(": ")[0] for line in text[1:]] == ["Received", "Expected", "Fix", "Again"]


def test_levels_and_suppressions() -> None:
    """Errors come first; what is waived is suppressed, with the reason."""
    results = run_of(mixed().to_model())["results"]
    assert [(result["ruleId"], result["level"]) for result in results] == [
        ("BIQ211", "error"),
        ("BIQ212", "warning"),
        ("BIQ209", "error"),
    ]
    assert results[2]["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "known (me, until 2030-01-01)"}
    ]


def test_a_finding_is_known_again() -> None:
    """By rule and target, not by its line; another target is another finding."""
    prints = [run_of(recorded(place=place).to_model())["results"][0]["partialFingerprints"] for place in (":12", ":99")]
    assert prints[0] == prints[1]
    (one, two) = run_of(several([report(AUDIENCE).to_model(), report(AUDIENCE).to_model()]))["results"]
    assert one["partialFingerprints"] != two["partialFingerprints"]


def test_rules_are_described_once() -> None:
    """For all targets together, and results point to them."""
    run = run_of(several([mixed().to_model(), report(AUDIENCE).to_model()]))
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert not [rule for rule in rules if "helpUri" in rule]


def test_no_more_results_than_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors are kept, and it is said how many had no room."""
    monkeypatch.setattr(sarif, "MOST_RESULTS", 5)
    model = mixed().to_model()
    (result,) = [result for result in model["results"] if result["rule"] == "BIQ212"]
    result["findings"] *= 20
    result["findings"] = [copy.copy(finding) for finding in result["findings"]]
    run = run_of(model)
    assert [found["level"] for found in run["results"]] == ["error", *["warning"] * 4]
    assert "17 results have no room" in str(run["invocations"])


def test_what_did_not_run_says_so() -> None:
    """An empty list of results is not taken for a success."""
    run = run_of(Report(text="no such program").to_model())
    assert run["results"] == []
    (invocation,) = run["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "no such program"
