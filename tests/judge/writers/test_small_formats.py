"""Badge, in-toto, CTRF and HAR: what is particular to each."""

import hashlib
import html
import json
from typing import Any

import pytest

from blastiq_conformance.report import Report, several
from blastiq_conformance.report.shape import Model
from blastiq_conformance.writers import writer
from blastiq_conformance.writers.har import url_of
from tests.judge.judged import AUDIENCE, GOOD, report
from tests.judge.writers.models import bound, mixed, recorded

SCOPED = GOOD.rstrip() + "&scope=\n"


def load(form: str, model: Model) -> Any:
    """Give what was written."""
    return json.loads(writer(form)(model))


@pytest.mark.parametrize(
    ("made", "message", "color"),
    [
        (report(GOOD), "conforms", "brightgreen"),
        (report(AUDIENCE), "violates: 1 error", "red"),
        (report(AUDIENCE, AUDIENCE), "violates: 2 errors", "red"),
        (report(GOOD, ids=("BIQ601",)), "incomplete", "yellow"),
        (Report(text="x"), "not run", "lightgrey"),
    ],
    ids=["conforms", "violates", "twice", "incomplete", "not-run"],
)
def test_a_badge_says_the_verdict(made: Report, message: str, color: str) -> None:
    """In two words and a colour."""
    badge = load("badge", made.to_model())
    assert badge == {"schemaVersion": 1, "label": "BlastIQ", "message": message, "color": color}


def test_a_badge_of_several_says_the_gravest() -> None:
    """One that conforms does not hide one that violates."""
    model = several([report(GOOD).to_model(), report(AUDIENCE).to_model()])
    assert load("badge", model)["message"] == "violates: 1 error"


@pytest.mark.parametrize(
    ("made", "result"),
    [
        (report(GOOD), "PASSED"),
        (report(SCOPED), "WARNED"),
        (report(AUDIENCE), "FAILED"),
        (report(GOOD, ids=("BIQ601",)), "FAILED"),
        (Report(text="x"), "FAILED"),
    ],
    ids=["passed", "warned", "failed", "open", "not-run"],
)
def test_an_attestation_passes_only_what_conforms(made: Report, result: str) -> None:
    """The predicate has no word for a rule without evidence: that is not a pass."""
    assert load("intoto", made.to_model())["predicate"]["result"] == result


def test_an_attestation_is_about_the_json_report() -> None:
    """Its digest is that of the file that is written beside it."""
    model = mixed().to_model()
    statement = load("intoto", model)
    digest = hashlib.sha256(writer("json")(model).encode()).hexdigest()
    assert statement["subject"] == [{"name": "blastiq-report.json", "digest": {"sha256": digest}}]
    assert statement["predicate"]["failedTests"] == [
        "BIQ211 audience-sent",
        "BIQ601 token-outside-authorization-header",
        "BIQ602 token-in-query",
    ]
    assert statement["predicate"]["warnedTests"] == ["BIQ209 client-secret-sent", "BIQ212 unexpected-scope"]


def test_an_attestation_is_about_the_build_that_was_named() -> None:
    """Once, though several targets were judged; the report is what is said about it."""
    model = several([bound().to_model(), bound().to_model()])
    statement = load("intoto", model)
    builds = [{"name": "a.whl", "digest": {"sha256": "a" * 64}}, {"name": "git:.", "digest": {"sha256": "b" * 64}}]
    assert statement["subject"] == builds
    digest = hashlib.sha256(writer("json")(model).encode()).hexdigest()
    annotations = statement["predicate"]["configuration"][0]["annotations"]
    assert annotations["report"] == {"name": "blastiq-report.json", "digest": {"sha256": digest}}


@pytest.mark.parametrize("form", ["markdown", "html", "statement", "statement-html"])
def test_people_read_which_build_it_was(form: str) -> None:
    """With commit and changes, or that nobody named one."""
    text = html.unescape(writer(form)(bound().to_model())).replace("\\", "")
    assert "a.whl (sha256 aaaaaaaaaaaaaaaa" in text
    assert ", changed since commit cccccccccccccccc" in text
    assert "not bound to a build" in writer(form)(report(GOOD).to_model())


def test_an_attestation_tells_targets_apart() -> None:
    """By their names before the rules."""
    model = several([report(GOOD).to_model(), report(GOOD).to_model()])
    passed = load("intoto", model)["predicate"]["passedTests"]
    assert passed[0] == "default: BIQ211 audience-sent"
    assert passed[-1] == "default 2: BIQ212 unexpected-scope"


def test_ctrf_has_times_and_places() -> None:
    """Of the whole run, for a report keeps no others; a recording's file and line."""
    results = load("ctrf", recorded().to_model())["results"]
    assert (results["summary"]["start"], results["summary"]["stop"]) == (1767225600000, 1767225600000)
    (test,) = [test for test in results["tests"] if test["name"] == "BIQ212 unexpected-scope"]
    assert (test["filePath"], test["line"], test["status"]) == ("cassettes/a b.yaml", 12, "failed")
    assert test["suite"] == ["blastiq", "cassettes/a b.yaml", "request"]
    assert "line" not in str(load("ctrf", recorded(place="#1").to_model())["results"]["tests"][0].keys())


def test_har_shows_exchanges_with_their_findings() -> None:
    """Redacted as in the model; a reader of HAR sees which rule an entry breaks."""
    (entry,) = load("har", report(AUDIENCE).to_model())["log"]["entries"]
    assert "password=<password:1>" in entry["request"]["postData"]["text"]
    assert entry["_findings"] == [
        {"rule": "BIQ211", "severity": "error", "message": "the token request carries an audience parameter"}
    ]
    assert entry["startedDateTime"] == "1970-01-01T00:00:00.000Z"
    (entry,) = load("har", recorded().to_model())["log"]["entries"]
    assert entry["startedDateTime"] == "2026-01-01T00:00:00Z"


def test_har_keeps_a_redirect_and_a_query() -> None:
    """In the members that viewers read."""
    model = report(AUDIENCE).to_model()
    exchange = model["exchanges"][0]
    exchange["request"]["target"] = "/token?a=b%20c&d="
    exchange["response"] = {"status": 302, "headers": [["location", "/x"], ["Content-Type", "text/html"]], "body": "é"}
    (entry,) = load("har", model)["log"]["entries"]
    assert entry["request"]["queryString"] == [{"name": "a", "value": "b c"}, {"name": "d", "value": ""}]
    assert entry["response"]["redirectURL"] == "/x"
    assert entry["response"]["content"] == {"size": 2, "mimeType": "text/html", "text": "é"}


@pytest.mark.parametrize(
    ("target", "host", "url"),
    [
        ("/a", "www.blastiq.com", "https://www.blastiq.com/a"),
        ("/a", "127.0.0.1:PORT", "http://127.0.0.1:PORT/a"),
        ("/a b", "localhost", "http://localhost/a%20b"),
        ("*", "", "https://host.invalid/*"),
        ("http://x.example/a", "y.example", "http://x.example/a"),
        ("/a", "localhost.example", "https://localhost.example/a"),
    ],
)
def test_an_address_is_made_whole(target: str, host: str, url: str) -> None:
    """From the Host header; https but for this machine."""
    assert url_of({"method": "GET", "target": target, "headers": [["Host", host]], "body": ""}) == url


def test_a_broken_address_breaks_nothing() -> None:
    """Its query is read as far as it goes."""
    model = report(AUDIENCE).to_model()
    model["exchanges"][0]["request"]["target"] = "http://[broken?a=b"
    (entry,) = load("har", model)["log"]["entries"]
    assert entry["request"]["queryString"] == [{"name": "a", "value": "b"}]
