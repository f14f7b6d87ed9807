"""Other spellings of one JSON answer: same members, other bytes."""

import gzip
import json

import pytest

from fake_idp.faults.spelling import Spelling, respell
from fake_idp.wire import Headers, Request, Response

MEMBERS = {"access_token": "abc.é😀", "expires_in": 3600, "nested": {"a": [1, None, True, "x"]}, "scope": "cosmos"}
ANSWER = Response(status=200, body=json.dumps(MEMBERS).encode())


def asking(coding: str | None = None) -> Request:
    return Request(method="POST", target="/", headers=Headers.of({} if coding is None else {"Accept-Encoding": coding}))


@pytest.mark.parametrize("spelling", [Spelling.PRETTY, Spelling.ESCAPED, Spelling.REVERSED])
def test_the_members_stay_and_the_bytes_change(spelling: Spelling) -> None:
    """A JSON parser reads the same from all of them."""
    answer = respell(ANSWER, asking(), spelling)
    assert json.loads(answer.body) == MEMBERS
    assert answer.body != ANSWER.body


def test_escapes_spell_every_letter() -> None:
    """No letter is left that a client could find by looking for it in the bytes."""
    body = respell(ANSWER, asking(), Spelling.ESCAPED).body
    assert body.isascii()
    assert b"access_token" not in body
    assert b"\\ud83d\\ude00" in body


def test_reversed_members_stand_in_reverse() -> None:
    """The order of members is not a promise: RFC 8259 4."""
    assert list(json.loads(respell(ANSWER, asking(), Spelling.REVERSED).body)) == list(reversed(MEMBERS))


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        (None, False),
        ("identity", False),
        ("gzip", True),
        ("deflate, GZIP", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("gzip;q=0.5", True),
        ("br;q=1, x-gzip", True),
    ],
)
def test_gzip_is_only_for_those_who_ask(coding: str | None, coded: bool) -> None:
    """A client that did not ask must not be given what it cannot read."""
    answer = respell(ANSWER, asking(coding), Spelling.GZIP)
    assert (answer.headers.get("content-encoding") == "gzip") is coded
    assert (gzip.decompress(answer.body) if coded else answer.body) == ANSWER.body


def test_what_is_no_object_stays_as_it_is() -> None:
    """An HTML page or a list has no members to respell."""
    page = Response(status=502, body=b"<p>Bad gateway</p>")
    assert respell(page, asking("gzip"), Spelling.GZIP) is page
