"""The HTML report and the statement: what a reviewer finds on them."""

import copy
import hashlib
import re
from collections.abc import Callable

import pytest

from blastiq_conformance.report import Report, several
from blastiq_conformance.report.entries import entries
from blastiq_conformance.report.shape import Model
from blastiq_conformance.writers import html, statement, statement_html, writer
from tests.judge.judged import AUDIENCE, GOOD, SCOPE, report
from tests.judge.writers.models import MODELS, mixed, recorded

pytestmark = pytest.mark.slow

Write = Callable[[Model], str]


def test_a_finding_shows_its_exchange_with_the_offending_part_marked() -> None:
    """In what was received and in the request, and nowhere else in them."""
    page = html.write(report(AUDIENCE).to_model())
    assert "<mark>audience=https://api.example</mark> (form field 5 of 5)" in page
    assert page.count("<mark>") == 2
    (request,) = re.findall(r"<h5>Request</h5>\n<pre>(.*?)</pre>", page, re.DOTALL)
    assert request == (
        "POST /identity/connect/token\nContent-Type: application/x-www-form-urlencoded\n\n"
        "grant_type=password&amp;username=&lt;username:1&gt;&amp;password=&lt;password:1&gt;&amp;"
        "client_id=external.customer&amp;<mark>audience=https%3A%2F%2Fapi.example</mark>"
    )
    assert "<p>There was no response.</p>" in page


def test_a_header_is_marked_whole() -> None:
    """Where the finding is about it; a response is shown, and what the recording lost is said."""
    model = report(AUDIENCE).to_model()
    model["exchanges"][0]["edited"] = "the body is short"
    model["exchanges"][0]["response"] = {"status": 400, "headers": [["A", "b"]], "body": "audience"}
    for result in model["results"]:
        for finding in result["findings"]:
            finding["parameter"] = "content-type"
    page = html.write(model)
    assert "<mark>Content-Type: application/x-www-form-urlencoded</mark>" in page
    assert "<pre>400\nA: b\n\naudience</pre>" in page
    assert "The recording is not whole: the body is short" in page


def test_what_needs_a_reader_is_open_and_the_rest_is_folded() -> None:
    """Rows that failed or stayed untested stand there; those that passed or did not apply are opened by a click."""
    page = html.write(mixed().to_model())
    (rules,) = re.findall(r'<section class="rules".*?</section>', page, re.DOTALL)
    seen, _, folded = rules.partition("<details>")
    outcomes = [re.findall(r'data-outcome="([a-z_]+)"', part) for part in (seen, folded)]
    assert set(outcomes[0]) == {"failed", "cant_tell", "untested", "waived"}
    assert set(outcomes[1]) == {"passed", "inapplicable"}
    assert "rule inapplicable: no scenario that ran judges this rule" in folded
    assert "<script" not in page


def test_one_reason_is_told_once() -> None:
    """Rules that stayed open for it follow each other."""
    page = html.write(report(GOOD, ids=("BIQ601", "BIQ602", "BIQ603")).to_model())
    reasons = re.findall(r'<span class="reason">(.*?)</span>', page)
    assert reasons[1:] == ["as above", "as above"]
    assert reasons[0].startswith("nothing was seen that this rule could judge")


def test_what_a_rule_has_said_is_not_said_again() -> None:
    """A second cause of one rule stands below the first, with what is its own."""
    model = report(AUDIENCE, SCOPE).to_model()
    (result,) = [result for result in model["results"] if result["rule"] == "BIQ211"]
    other = result["findings"][0] | {"message": "another way", "expected": "another end", "severity": "warning"}
    result["findings"].append(other)
    result["entries"] = entries(result["findings"])
    found = re.findall(r'<article class="finding (\w+)".*?</article>', page := html.write(model), re.DOTALL)
    assert found == ["error", "warning", "error"]
    second = page.split("<article")[2]
    assert re.findall(r"<dt>(\w+)</dt>", second) == ["received", "expected"]
    assert "another way" in second


def test_the_fix_for_the_library_that_was_seen_stands_there() -> None:
    """Those for others are folded; all of them, where nobody knows the library."""
    model = report(GOOD.rstrip() + "&scope=x\n").to_model()
    (fix,) = re.findall(r"<dt>fix</dt>\n(.*?)</dd>", html.write(model), re.DOTALL)
    known = fix.count("<li>")
    assert (f"{known} library hints", "<br>" in fix) == (re.findall(r"<summary>(.*?)</summary>", fix)[0], False)
    model["exchanges"][0]["request"]["headers"] = [["User-Agent", "GuzzleHttp/7"]]
    (fix,) = re.findall(r"<dt>fix</dt>\n(.*?)</dd>", html.write(model), re.DOTALL)
    assert re.findall(r"<br>(\w+):", fix) == ["PHP", "Guzzle"]
    assert f"<summary>{known - 2} other library hints</summary>" in fix


def test_many_runs_of_one_scenario_are_folded_together() -> None:
    """Each is drawn within; a scenario that ran once stands by itself."""
    model = report(AUDIENCE).to_model()
    play = model["volatile"]["plays"][0]
    for scenario, variant in ("ax", "ay", "bz"):
        model["volatile"]["plays"].append(play | {"scenario": scenario, "variant": variant})
    page = html.write(model)
    (section,) = re.findall(r"What happened where something was found</h3>(.*?)</section>", page, re.DOTALL)
    heads = [head for head in re.findall(r"<summary>(.*?)</summary>", section) if "table" not in head]
    assert [head.partition(":")[0] for head in heads] == ["a", "a x", "a y", "b z"]
    assert heads[0] == "a: 2 runs"
    assert all(f'id="t1-s{number}"' in section for number in (1, 2, 3))


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("form", ["html", "statement-html"])
@pytest.mark.unmeasured
def test_links_lead_somewhere(form: str, name: str) -> None:
    """Every link and label on a page has its aim on it."""
    page = writer(form)(MODELS[name]())
    ids = set(re.findall(r' id="([^"]+)"', page))
    aims = " ".join(re.findall(r'(?:href="#|aria-labelledby=")([^"]+)"', page))
    assert set(aims.split()) <= ids


@pytest.mark.unmeasured
def test_a_page_for_ten_thousand_exchanges_is_under_five_megabytes() -> None:
    """Findings that differ, each in an exchange of its own: what has no room is counted."""
    model = report(AUDIENCE).to_model()
    (exchange,) = model["exchanges"]
    exchange["request"]["body"] += "&x=%3C" * 300
    # A model keeps a thousand exchanges.
    model["exchanges"] = [exchange] * 1_000
    (result,) = [result for result in model["results"] if result["rule"] == "BIQ211"]
    (finding,) = result["findings"]
    for number in range(10_000):
        found = copy.copy(finding)
        found["message"], found["shown"] = _word(number), number if number < 1_000 else None
        found["received"] = _word(number) * 90
        result["findings"].append(found)
    result["entries"] = entries(result["findings"])
    page = html.write(model)
    assert 3_000_000 < len(page.encode()) < 5_000_000
    assert re.search(r"And \d+ more findings: the JSON report has them all", page)


def _word(number: int) -> str:
    """Give a word of its own for each number; numbers themselves make no difference between findings."""
    return f"<{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}{chr(97 + number // 676)}>"


@pytest.mark.parametrize("write", [html.write, statement.write, statement_html.write], ids=["html", "md", "page"])
def test_the_digest_is_that_of_the_json_report(write: Write) -> None:
    """So that a page can be told to belong to a file."""
    model = mixed().to_model()
    assert hashlib.sha256(writer("json")(model).encode()).hexdigest() in write(model)


@pytest.mark.parametrize("write", [statement.write, statement_html.write], ids=["markdown", "html"])
def test_a_statement_says_what_was_tested_and_what_was_not(write: Write) -> None:
    """With what, by which rules, why not; what a person checks; and where that person signs."""
    model = mixed().to_model()
    text = re.sub(r"<[^>]*>|\\", "", write(model)).replace("&#39;", "'").lower()
    for part in (
        *("What was tested", "What was found", "What was not tested, and why", "What only a person can check"),
        *("Sign-off", "Name", "Role", "Organisation", "Integration and version", "Date", "Signature"),
        *("a live run against a fake blastiq", model["tool"]["rules"]["digest"], model["manual"][0], "s0, s1, s2"),
        f"blastiq-conformance {model['tool']['version']}",
        *("the body is gone", "can't tell", "BIQ602 token-in-query", "slow: --slow runs it", "hangs", "a note"),
    ):
        assert part.lower() in text


def test_a_statement_on_recordings_names_them() -> None:
    """A hundred, and how many more there are."""
    model = recorded().to_model()
    model["files"] = [f"{number}.har" for number in range(150)]
    for write in (statement.write, statement_html.write, html.write):
        text = write(model)
        assert re.search(r"\b99\.har", text)
        assert len(re.findall(r"<li><code>1\d\d\.har|- `1\d\d\.har", text)) == 0
        assert "and 50 more" in text


def test_several_targets_follow_each_other() -> None:
    """Each under its name, with a list of contents before them."""
    model = several([mixed().to_model(), report(GOOD).to_model(), Report(text="gone").to_model()])
    page = html.write(copy.deepcopy(model))
    names = re.findall(r'<li><a href="#t\d">([^<]+)</a>', page)
    assert names == ["default", "default 2", "default 3"]
    assert len(re.findall(r"<h2 ", page)) == 3
    assert statement.write(model).count("## Sign-off") == 1
