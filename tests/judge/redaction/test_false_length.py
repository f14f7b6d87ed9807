"""A Content-Length that never was that of its body: redacted, it is held against nobody else than before."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastiq_conformance.catalogue.example_messages import called, granted, signed_in, story
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.plugin.cassette_filter import CassetteFilter
from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.whole import redact
from blastiq_conformance.secrets.message import fitted
from blastiq_conformance.sources import read
from tests.judge.example import read_example
from tests.judge.redaction.test_cassette_filter import recorded
from tests.judge.rules.verdicts import verdict

TOKEN = "Kq7vN2xW4mZ8tR1pLs9d"
PAGE = f'<html><input name="code" value="{TOKEN}"></html>'


def seen(answer: str, length: int, media_type: str = "application/json") -> Evidence:
    """Sign in, get an answer that claims this length, and call the API all the same."""
    typed = f"{media_type}\nContent-Length: {length}"
    evidence = read_example(story(signed_in(answer, media_type=typed), called(TOKEN)))
    return replace(evidence, facts=Facts(), child=None)


@pytest.mark.parametrize(
    ("rule", "evidence", "expected"),
    [
        pytest.param("BIQ412", seen(granted(TOKEN), 1999), "error", id="cut on the wire"),
        pytest.param("BIQ412", seen(granted(TOKEN), len(granted(TOKEN))), "inapplicable", id="whole"),
        pytest.param("BIQ409", seen(PAGE, 1999, "text/html"), "inapplicable", id="a page that was cut"),
        pytest.param("BIQ409", seen(PAGE, 3, "text/html"), "error", id="a page, and a length that is too small"),
    ],
)
def test_what_the_length_tells_is_told_beside_stand_ins(rule: str, evidence: Evidence, expected: str) -> None:
    """In a journal the length tells that an answer was cut, and it does once the answer has stand-ins in it."""
    assert verdict(rule, evidence) == expected
    once = redact(evidence)
    assert verdict(rule, once) == expected
    assert verdict(rule, redact(once)) == expected


@pytest.mark.parametrize("length", [3, 1999])
def test_a_filtered_cassette_keeps_the_doubt(tmp_path: Path, length: int) -> None:
    """There is no place in a cassette where a filter could say so, but the length itself."""
    evidence = seen(PAGE, length, "text/html")
    whole, filtered = tmp_path / "whole", tmp_path / "filtered"
    whole.write_text(recorded(evidence, None), encoding="utf-8")
    redaction = Redaction()
    redaction.learn(evidence.exchanges)
    filtered.write_text(recorded(evidence, CassetteFilter(redaction)), encoding="utf-8")
    assert TOKEN not in filtered.read_text(encoding="utf-8")
    assert verdict("BIQ409", read(filtered)[0]) == verdict("BIQ409", read(whole)[0]) == "cant_tell"


@given(st.integers(0, 10**6), st.integers(0, 10**4), st.integers(0, 10**4))
def test_a_length_is_as_false_as_it_was(claimed: int, before: int, after: int) -> None:
    """A right one is right, and a false one as far off."""
    new = fitted(str(claimed), after - before)
    assert int(new) == max(0, claimed + after - before)


@pytest.mark.parametrize("length", ["", "twelve", "-1", "+1", "1, 1", "1" * 19])
def test_what_is_no_length_stays(length: str) -> None:
    """Nobody compares it with a body."""
    assert fitted(length, 10) == length
