"""Recordings whose answers were filtered: what a filter took away is nobody's mistake."""

from dataclasses import replace

import pytest

from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, granted, signed_in, story
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.rules.attended.messages import attended
from tests.judge.example import read_example
from tests.judge.rules.verdicts import verdict

LONG = "application/json\nContent-Length: 1999"


def recorded(text: str, *, source: str = "cassette.yaml", edited: str = "", lost: str = "") -> Evidence:
    evidence = read_example(text)
    exchanges = (
        replace(x, source=source, edited=edited, lost=frozenset(lost.split()) if edited else frozenset())
        for x in evidence.exchanges
    )
    return replace(evidence, exchanges=tuple(exchanges), child=None)


THEIRS = story(signed_in(granted(), media_type=LONG), called())


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        pytest.param(recorded(THEIRS), "inapplicable", id="a length that nobody vouches for"),
        pytest.param(recorded(THEIRS, edited="shorter", lost="response"), "cant_tell", id="an edited answer"),
        pytest.param(recorded(THEIRS, edited="shorter"), "cant_tell", id="edited, nobody knows where"),
        pytest.param(recorded(THEIRS, edited="no password", lost="body"), "inapplicable", id="an edited request"),
        pytest.param(recorded(THEIRS, source=""), "error", id="seen on the wire"),
    ],
)
def test_a_shorter_body_is_cut_only_where_it_was_seen(evidence: Evidence, expected: str) -> None:
    """BIQ412: on the wire itself the length tells; a recording has what its writer left of the body."""
    assert verdict("BIQ412", evidence) == expected


@pytest.mark.parametrize(
    ("rule", "answer", "status"),
    [
        ("BIQ408", '{"error":"FILTERED"}', "400 Bad Request"),
        ("BIQ409", "FILTERED", "200 OK"),
        ("BIQ410", "{}", "200 OK"),
    ],
)
def test_a_filtered_answer_may_have_brought_a_token(rule: str, answer: str, status: str) -> None:
    """A call with a token that no answer shows is right where the answer was filtered."""
    text = story(signed_in(answer, status), called(TOKEN_1))
    assert verdict(rule, recorded(text, edited="filtered", lost="response")) == "cant_tell"
    assert verdict(rule, recorded(text)) == "error"


@pytest.mark.parametrize("rule", ["902", "905", "906"])
def test_an_edited_recording_proves_no_pass(rule: str) -> None:
    """Of the exchange: what was cut away may have been wrong. The address of the request is whole in any recording."""
    evidence = read_example(attended())
    cut = tuple(replace(exchange, edited="shortened") for exchange in evidence.exchanges)
    assert verdict(f"BIQ{rule}", replace(evidence, exchanges=cut)) == ("cant_tell" if rule == "906" else "passed")
