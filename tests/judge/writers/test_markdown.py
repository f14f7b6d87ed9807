"""Markdown: what a reviewer sees in a pull request."""

import re

import pytest

from blastiq_conformance.report import Report, several
from blastiq_conformance.writers.markdown import write
from blastiq_conformance.writers.markup import code, prose
from tests.judge.judged import AUDIENCE, GOOD, report
from tests.judge.writers.models import every, mixed

pytestmark = pytest.mark.slow

LINES = """\
| outcome | always shown | seen |
| --- | --- | --- |
| ❌ failed | no audience | 1 finding in 3 token requests |
| ☑️ waived | no client\\_secret | waived until 2030-01-01 by me: known |
| ⚠️ failed | scope absent or cosmos | 1 finding in 3 token requests |
"""
SUMMARY = "❌ <b>1 BIQ211 audience-sent</b> MUST NOT: the token request carries an audience parameter"


def test_what_is_always_shown_is_a_table() -> None:
    """With a mark for the severity, not for the mere outcome."""
    assert LINES in write(mixed().to_model())


def test_a_finding_opens_on_a_click() -> None:
    """Its message is in the summary, its six parts are a table; what else is to be said follows."""
    text = write(mixed().to_model())
    assert f"<summary>{SUMMARY}</summary>" in text
    assert "\n| again | `blastiq run --scenario s0 --rule BIQ211 -- node app.js` |\n" in text
    assert "\n| waived | until 2030-01-01 by me: known |\n" in text
    assert "\n| waiver | state | reason | owner | until |\n" in text
    assert "\n- a note\n- left out: hangs\n" in text
    assert "<summary>2 rules could not be judged</summary>" in text


@pytest.mark.parametrize("longest", [6_000, 20_000, 60_000])
@pytest.mark.unmeasured
def test_it_fits_a_comment(longest: int) -> None:
    """Errors in full first; what has no room is a line, or counted."""
    text = write(every().to_model(), longest=longest)
    assert len(text.encode()) <= longest
    assert "❌ <b>" in text


@pytest.mark.unmeasured
def test_a_comment_names_every_finding() -> None:
    """Though not all of them have room in full."""
    text = write(every().to_model())
    assert re.search(r"\n- ⚠️ <b>\d+ BIQ", text)
    assert "see the JSON report" not in text


def test_many_targets_share_the_room() -> None:
    """Down to a line each, and a count of those without."""
    model = several([report(AUDIENCE).to_model()] * 300)
    text = write(model)
    assert len(text.encode()) <= 60_000
    assert text.startswith("- ❌ BlastIQ: violates: default\n- ❌ BlastIQ: violates: default 2\n")
    short = write(model, longest=2_000)
    assert len(short.encode()) <= 2_000
    assert "more targets: see the JSON report" in short


def test_what_did_not_run_is_told() -> None:
    """The text keeps its lines."""
    text = write(Report(text="no such program\nCheck the path.", command=("node",)).to_model())
    assert "```text\nno such program\nCheck the path.\n```" in text
    assert "always shown" not in text


def test_a_clean_run_is_short() -> None:
    """Nothing to open."""
    text = write(report(GOOD).to_model())
    assert "<details>" not in text
    assert "Findings: none. Rules: 2 passed." in text


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("a_b*c", "a\\_b\\*c"),
        ("@team", "@<!-- -->team"),
        ("see #12", "see #<!-- -->12"),
        ("https://x", "https:<!-- -->//x"),
        ("# head", "\\# head"),
        ("1. one", "1\\. one"),
        ("a\nb", "a\\\\nb"),
    ],
)
def test_prose_is_no_markup(text: str, markdown: str) -> None:
    """What GitHub would format, link or notify is parted or escaped."""
    assert prose(text) == markdown


@pytest.mark.parametrize(
    ("text", "span"), [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), (" a ", "`  a  `"), ("", "")]
)
def test_a_code_span_has_a_fence_of_its_own(text: str, span: str) -> None:
    """Longer than any row of back-ticks in it."""
    assert code(text) == span
