"""The picture of a play: in HTML, as a card and a matrix, and as a Mermaid block."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.report.account import NOT_ASKED
from blastiq_conformance.report.shape import ReportShape, RunShape, SentShape
from blastiq_conformance.writers import html, markdown, statement_html
from blastiq_conformance.writers.card import card
from blastiq_conformance.writers.markdown import mermaid
from blastiq_conformance.writers.markup import label
from blastiq_conformance.writers.reading import coverage, period
from blastiq_conformance.writers.sequence import Diagram, diagrams, duration, pinned
from tests.judge.judged import AUDIENCE, GOOD, report
from tests.judge.writers.models import NASTY, mixed, nasty

SCRIPT = Path(__file__).parent / "mermaid.mjs"
NEEDED = "require.resolve('mermaid'); require.resolve('jsdom')"


def sent(number: int, **more: object) -> SentShape:
    made: dict[str, object] = {
        "exchange": number,
        "shown": None,
        "kind": "token",
        "method": "POST",
        "target": "/identity/connect/token",
        "status": 200,
        "ending": "complete",
        "connection": 1,
        "start": 10 * number,
        "end": 10 * number + 5,
    }
    return SentShape(**{**made, **more})  # type: ignore[typeddict-item]  # a test says only what it is about


def drawn(*exchanges: SentShape, oddity: str = "", odd: int | None = None) -> tuple[ReportShape, Diagram]:
    """Give a report with one play, and what is drawn of it."""
    model = report(AUDIENCE).to_model()
    scenario_run = RunShape(scenario="s", variant="v", oddity=oddity, odd=odd, timed=True, exchanges=list(exchanges))
    model["volatile"]["plays"] = [scenario_run]
    (diagram,) = diagrams(model, pinned(model))
    return model, diagram


def cells(page: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Give the lines of the matrix: the scenario, and for each cell where it leads and what it says."""
    table = page.partition('<table class="wide matrix">')[2].partition("</table>")[0]
    lines = re.findall(r'<tr><th scope="row">([^<]*)</th>(.*?)</tr>', table, re.DOTALL)
    return [(name, re.findall(r'href="#(\S+)" aria-label="([^"]*)"', line)) for name, line in lines]


def test_findings_are_pinned_to_their_arrow_by_number() -> None:
    """In the picture, in the card and in the table behind it, by the number that the finding bears."""
    model = report(AUDIENCE, AUDIENCE.rstrip() + "&scope=x\n").to_model()
    assert pinned(model) == {0: [1], 1: [1, 2]}
    page = html.write(model)
    assert page.count('<g class="pin"') == 3
    assert 'id="t1-n2">2</span>' in page
    assert page.count('href="#t1-n2"') == 1
    assert re.search(r"<code>audience</code></th>.*?finding 1", page)


def test_a_picture_is_told_to_those_who_do_not_see_it() -> None:
    """By a title, a description, and a table with all that the picture shows."""
    page = html.write(report(GOOD).to_model())
    (svg,) = re.findall(r'<svg class="sequence".*?</svg>\n<details', page, re.DOTALL)
    labelled = re.search(r'aria-labelledby="(\S+) (\S+)"', svg)
    assert labelled
    assert f'<title id="{labelled[1]}">Sequence of s0</title>' in svg
    assert f'<desc id="{labelled[2]}">1 request' in svg
    assert "<summary>s0 as a table</summary>" in page
    assert "<td>no answer</td>" in page


def test_more_findings_than_have_room_are_counted() -> None:
    """Three are pinned to an arrow; that there are others is said, and the table behind names them all."""
    model, _ = drawn(sent(1, shown=0))
    (result,) = [result for result in model["results"] if result["findings"]]
    (finding,), (entry,) = result["findings"], result["entries"]
    result["findings"] = [{**finding, "message": f"{number}"} for number in range(5)]
    result["entries"] = [{**entry, "findings": [number]} for number in range(5)]
    page = html.write(model)
    assert page.count('<g class="pin"') == 3
    assert "+2 POST /identity" in page
    assert '<a href="#t1-n5">5</a>' in page


def test_what_is_odd_is_drawn_where_it_happens() -> None:
    """Before the arrow that met it; after all of them where none did."""
    _, diagram = drawn(sent(1), sent(2, status=429), oddity="Slow down, says the server.", odd=2)
    assert [arrow.odd for arrow in diagram.arrows] == [(), ("Slow down, says the server.",)]
    assert diagram.unmet == ()
    model, diagram = drawn(sent(1), oddity="Slow down, says the server.")
    assert diagram.unmet == ("Slow down, says the server.",)
    assert "⚡ Slow down, says the server." in html.write(model)
    assert "Note over C,A: Slow down, says the server." in markdown.write(model)


def test_a_storm_is_cut_in_the_picture_and_whole_in_the_strip() -> None:
    """Who sent a hundred requests sees that they are a hundred."""
    model, diagram = drawn(*(sent(number) for number in range(100)))
    page = html.write(model)
    assert page.count('<text class="request"') == 24
    assert "and 76 more requests" in page
    assert mermaid(diagram).count("C->>S") == 24
    assert "76 more" in mermaid(diagram)


@pytest.mark.parametrize(
    ("given_", "answer", "bad"),
    [
        ({}, "200, 5 ms", False),
        ({"status": 503, "end": 2_510}, "503, 2.5 s", True),
        ({"status": None, "ending": "never"}, "no answer", True),
        ({"ending": "cut"}, "200, cut short, 5 ms", True),
    ],
)
def test_an_answer_is_told_in_a_few_words(given_: dict[str, object], answer: str, *, bad: bool) -> None:
    """Status, how it ended, how long it took."""
    _, diagram = drawn(sent(1, **{"start": 10, "end": 15, **given_}))
    assert [(arrow.answer, arrow.bad) for arrow in diagram.arrows] == [(answer, bad)]


def test_a_length_beyond_all_measure_is_drawn() -> None:
    """A report may have been edited; a number without bounds breaks no page."""
    model, diagram = drawn(sent(1, end=10**400))
    assert diagram.length == 86_400_000
    assert duration(10**400) in html.write(model)


def test_the_card_shows_what_was_sent_and_what_was_not() -> None:
    """Of a right client too: a tick at each field, and at each that is rightly absent."""
    model = report(GOOD).to_model()
    shown = card(model, pinned(model))
    assert shown is not None
    assert (shown.method, shown.target, shown.pins) == ("POST", "/identity/connect/token", ())
    assert {row.mark for row in shown.rows} == {"passed"}
    assert [row.name for row in shown.rows if row.value is None] == ["audience", "client_secret", "scope"]
    assert "<em>absent</em>" in html.write(model)
    assert "<em>absent</em>" in statement_html.write(model)


def test_the_card_crosses_what_is_wrong() -> None:
    """A field that was sent, a header, one that is missing; what is of no field stands at the request line."""
    model = report(AUDIENCE, ids=("BIQ211",)).to_model()
    (result,) = model["results"]
    (finding,) = result["findings"]
    result["findings"] = [{**finding, "parameter": name} for name in ("Content-Type", "grant_type", "client_id2", "")]
    (entry,) = result["entries"]
    result["entries"] = [{**entry, "findings": [index]} for index in range(4)]
    shown = card(model, pinned(model))
    assert shown is not None
    assert shown.pins == (4,)
    crossed = [(row.name, row.value, row.pins) for row in shown.rows if row.mark == "error"]
    assert crossed == [
        ("grant_type", "password", (2,)),
        ("Content-Type", "application/x-www-form-urlencoded", (1,)),
        ("client_id2", None, (3,)),
    ]


def test_the_matrix_has_a_line_a_scenario_and_leads_to_findings() -> None:
    """A failed cell leads to the finding, any other to the rows."""
    assert cells(html.write(report(GOOD).to_model())) == [("s0", [("t1-passed-request", "request passed")])]
    untested = ("t1-rules", "token use untested")
    assert cells(html.write(mixed().to_model())) == [
        ("s0", [("t1-BIQ211", "request failed"), untested]),
        ("s1", [("t1-BIQ209", "request waived"), untested]),
        ("s2", [("t1-BIQ212", "request warned"), untested]),
    ]


def test_a_verdict_says_what_it_covers() -> None:
    """How many scenarios of how many; what was not played stands by reason."""
    model = mixed().to_model()
    assert coverage(model) == "3 of 4 scenarios"
    page = html.write(model)
    assert '<span class="coverage">3 of 4 scenarios</span>' in page
    assert '<th scope="row">slow: --slow runs it</th><td>hangs</td>' in page
    assert "(3 of 4 scenarios)" in markdown.write(model)


def test_a_part_of_a_run_is_not_as_green_as_the_whole() -> None:
    """Where scenarios were not asked for, the verdict looks another way; what is slow, or needs more, is left out."""
    model = report(GOOD).to_model()
    model["left_out"] = [{"scenario": "hangs", "reason": "slow: --slow runs it"}]
    assert re.search(r'<section class="verdict [a-z]+" ', html.write(model))
    model["left_out"].append({"scenario": "throttled", "reason": NOT_ASKED})
    assert re.search(r'<section class="verdict [a-z]+ partial" ', html.write(model))


def test_an_arrow_names_the_path_without_its_query() -> None:
    """That there is one is seen; the table behind has it."""
    model, diagram = drawn(sent(1, target=f"/identity/connect/authorize?{'x' * 90}"))
    assert diagram.arrows[0].label == "POST /identity/connect/authorize?…"
    assert "x" * 90 in html.write(model)
    assert "authorize#63;#8230;" in mermaid(diagram)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2026-11-28T16:31:05.123+00:00", "2026-11-28T16:32:00Z", "28 Nov 2026, 16:31 to 16:32 UTC"),
        ("2026-11-28T23:59:05+00:00", "2026-11-29T01:00:00+01:00", "28 Nov 2026, 23:59 to 29 Nov 2026, 00:00 UTC"),
        ("2026-11-28T16:31:05Z", "2026-11-28T16:31:06Z", "28 Nov 2026, 16:31 UTC"),
        ("yesterday", "today", "yesterday to today"),
    ],
)
def test_dates_are_for_people(first: str, last: str, told: str) -> None:
    """To the minute, in UTC; what is not a date stays as it is."""
    model = report(GOOD).to_model()
    model["volatile"] |= {"first": first, "last": last}
    assert period(model) == told


@given(st.text(st.characters(codec="utf-8")))
def test_nothing_in_a_message_is_syntax(text: str) -> None:
    """No quote, colon, semicolon, percent sign or new line of a client's own is left; everything can be read back."""
    told = label(text)
    assert re.fullmatch(r"(?:[A-Za-z0-9 /._(),-]|#\d+;)*", told)
    assert re.sub(r"#(\d+);", lambda match: chr(int(match[1])), told) == text


def test_mermaid_draws_every_block(tmp_path: Path) -> None:
    """Its own parser takes what is written of a right, a wrong and a hostile client."""
    node = shutil.which("node")
    if not node or subprocess.run([node, "-e", NEEDED], capture_output=True, check=False, timeout=60).returncode:
        pytest.skip("npm install mermaid jsdom, and set NODE_PATH")
    _, storm = drawn(*(sent(number, target=f"/{NASTY} end", method=NASTY) for number in range(40)), oddity=NASTY)
    models = [report(GOOD).to_model(), report(AUDIENCE).to_model(), nasty()]
    blocks = [mermaid(storm), *(mermaid(diagrams(model, pinned(model))[0]) for model in models)]
    file = tmp_path / "blocks.json"
    file.write_text(json.dumps([block.removeprefix("```mermaid\n").removesuffix("\n```") for block in blocks]))
    done = subprocess.run(
        [node, str(SCRIPT), str(file)], capture_output=True, check=False, text=True, timeout=120, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["sequence"] * len(blocks)
