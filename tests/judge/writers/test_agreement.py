"""All formats say the same: the verdict, the counts, the rules, and what was found."""

import html
import json
import re
from collections import Counter
from functools import cache
from typing import cast
from xml.etree import ElementTree as ET

import pytest

from blastiq_conformance.report.shape import Model, ReportShape
from blastiq_conformance.writers import FORMATS, writer
from blastiq_conformance.writers.reading import VERDICTS, blamed, severities, worst_verdict
from tests.judge.writers.models import MODELS, messages, reports_of

pytestmark = [pytest.mark.slow, pytest.mark.unmeasured]

NAMES = [name for name in MODELS if name != "nasty"]
# Formats that quote every finding; a badge has room for the verdict alone.
QUOTING = sorted(set(FORMATS) - {"badge", "intoto", "github", "terminal"})


@cache
def model_of(name: str) -> Model:
    return MODELS[name]()


@cache
def made_again(name: str) -> Model:
    return cast("ReportShape", json.loads(json.dumps(MODELS[name]())))


@cache
def written(form: str, name: str) -> str:
    return writer(form)(model_of(name))


def texts(name: str, text: str) -> str:
    """Give a document as a reader sees it: no escapes, no markup, one space between words."""
    if name in {"json", "sarif", "ctrf", "har", "intoto", "badge"}:
        text = "\n".join(_strings(json.loads(text)))
    elif name in {"html", "statement-html", "junit"}:
        attributes = re.findall(r'="([^"]*)"', text) if name == "junit" else []
        text = html.unescape(" ".join([*attributes, re.sub(r"<[^>]*>", "", text)]))
    elif name in {"markdown", "statement"}:
        text = re.sub(r"\\([\\`*_{}\[\]<>|~&$])", r"\1", html.unescape(text.replace("<!-- -->", "")))
    return " ".join(text.split())


def _strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    return [str(value)]


def junit_counts(name: str) -> list[Counter[str]]:
    suites = ET.fromstring(written("junit", name)).findall("testsuite")  # noqa: S314 - ours
    return [Counter(case[0].tag for case in suite.iter("testcase") if len(case)) for suite in suites]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", FORMATS)
def test_the_verdict_is_said(form: str, name: str) -> None:
    """In words or by its key; a badge and an attestation say the gravest of several."""
    reports, text = reports_of(model_of(name)), texts(form, written(form, name)).lower().replace("-", " ")
    if form == "intoto":
        passed = all(report["exit_code"] == 0 for report in reports)
        assert ("failed" in text.split()) != passed
        return
    for report in reports:
        verdict = worst_verdict(reports) if form == "badge" else report["verdict"]
        assert VERDICTS[verdict] in text or verdict.replace("-", " ") in text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", QUOTING)
def test_every_finding_is_told(form: str, name: str) -> None:
    """The rule and the message of each, in every format that tells findings."""
    text = texts(form, written(form, name))
    for report in reports_of(model_of(name)):
        shown = {f["message"] for r in report["results"] for f in r["findings"] if f["shown"] is not None}
        for rule, message in messages(report):
            if form == "har" and message not in shown:
                continue  # it holds exchanges, and this finding has none
            assert rule in text
            assert " ".join(message.split()) in text


@pytest.mark.parametrize("name", NAMES)
def test_counts_agree(name: str) -> None:
    """Failures, errors and skipped cases follow from the outcomes, alike in JUnit, CTRF, SARIF and in-toto."""
    reports = reports_of(model_of(name))
    failures = [sum("error" in severities(result) for result in report["results"]) for report in reports]
    stopped = [report["verdict"] == "not-run" for report in reports]
    errors = [len(blamed(report)) + stop for report, stop in zip(reports, stopped, strict=True)]
    junit = junit_counts(name)
    assert [counter["failure"] for counter in junit] == failures
    assert [counter["error"] for counter in junit] == errors
    ctrf = json.loads(written("ctrf", name))["results"]["summary"]
    assert ctrf["failed"] == sum(failures) + sum(errors)
    assert ctrf["skipped"] == sum(counter["skipped"] for counter in junit)
    assert ctrf["tests"] == sum(len(report["results"]) for report in reports) + sum(stopped)
    predicate = json.loads(written("intoto", name))["predicate"]
    assert len(predicate["failedTests"]) == sum(failures) + sum(len(blamed(report)) for report in reports)
    assert len(predicate["passedTests"]) == sum(report["counts"]["passed"] for report in reports)
    (run,) = json.loads(written("sarif", name))["runs"]
    levels = Counter(result["level"] for result in run["results"] if "suppressions" not in result)
    kinds = {"error": "errors", "warning": "warnings", "note": "infos"}
    assert levels == Counter({level: sum(r["counts"][kind] for r in reports) for level, kind in kinds.items()})
    assert [summary["counts"] for summary in run["properties"]["reports"]] == [r["counts"] for r in reports]


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_is_listed(name: str) -> None:
    """What was not judged is as visible as what was."""
    rules = {result["rule"] for report in reports_of(model_of(name)) for result in report["results"]}
    for form in ("json", "junit", "ctrf", "sarif", "html"):
        text = written(form, name)
        assert set(re.findall(r"BIQ\d{3}", text)) >= rules


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_model_gives_the_same_bytes(form: str) -> None:
    """Made and written twice: no difference."""
    for name in MODELS:
        assert written(form, name) == writer(form)(made_again(name))
