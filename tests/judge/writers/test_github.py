"""GitHub: annotations that are shown, and a summary that is taken."""

import copy
from collections import Counter

import pytest

from blastiq_conformance.report import Report, several
from blastiq_conformance.report.entries import entries
from blastiq_conformance.writers.github import summary, write
from tests.judge.judged import AUDIENCE, GOOD, report
from tests.judge.writers.models import every, mixed, recorded


def test_the_verdict_comes_first_then_the_findings() -> None:
    """Each with its title; what is waived is not an annotation."""
    lines = write(mixed().to_model()).splitlines()
    assert [line.partition("::")[2].partition("::")[0] for line in lines] == [
        "error title=BlastIQ violates%3A node app.js",
        "error title=BIQ211 audience-sent",
        "warning title=BIQ212 unexpected-scope",
    ]
    assert "%0A2 binding rules open: BIQ601 token-outside-authorization-header, BIQ602 token-in-query" in lines[0]


def test_a_recording_is_annotated_on_its_line() -> None:
    """Where the pull request shows it; the first line where no other is known."""
    assert "\n::error file=cassettes/a b.yaml,line=12,title=BIQ212 " in write(recorded().to_model())
    model = recorded(file="a,b:c.har", place="#2").to_model()
    assert "\n::error file=a%2Cb%3Ac.har,line=1,title=BIQ212 " in write(model)


@pytest.mark.parametrize(
    ("text", "written"), [("50%", "50%25"), ("a\nb", "a%0Ab"), ("a::b", "a::b"), ("a\rb", "a\\rb")]
)
def test_data_is_escaped(text: str, written: str) -> None:
    """As the runner reads it back."""
    assert write(Report(text=text).to_model()).endswith(f"%0A{written}\n")


@pytest.mark.slow
@pytest.mark.unmeasured
def test_ten_of_a_kind_are_shown() -> None:
    """GitHub drops the rest without a word."""
    kinds = Counter(line.split()[0] for line in write(every().to_model()).splitlines())
    assert kinds["::error"] == kinds["::warning"] == 10
    assert 0 < kinds["::notice"] <= 10


def test_a_clean_run_is_a_notice() -> None:
    """Nothing is red where the exit code is 0; a verdict for each target."""
    model = several([report(GOOD).to_model(), report(GOOD).to_model()])
    assert [line.split()[0] for line in write(model).splitlines()] == ["::notice", "::notice"]


def test_a_summary_keeps_its_size() -> None:
    """200 KiB, whatever was found: findings without room are told in a line, or counted."""
    model = report(AUDIENCE).to_model()
    (result,) = [result for result in model["results"] if result["rule"] == "BIQ211"]
    for number in range(3_000):
        finding = copy.copy(result["findings"][0])
        finding["message"] = f"{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}{chr(97 + number // 676)}" * 30
        result["findings"].append(finding)
    result["entries"] = entries(result["findings"])
    text = summary(model)
    assert 150 * 1024 < len(text.encode()) <= 200 * 1024
    assert "more findings: see the JSON report" in text
    assert text.startswith("## ❌ BlastIQ: violates (1 scenario)\n")
