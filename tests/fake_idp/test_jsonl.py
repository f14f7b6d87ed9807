"""A journal as JSON Lines."""

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_idp.classify import Kind
from fake_idp.journal import Connection, Entry, Exchange
from fake_idp.journal.jsonl import FORMAT, JournalError, Opening, Torn, from_jsonl, read_lines, to_jsonl, to_line
from fake_idp.secrets.search import Secret
from fake_idp.wire import Headers, Request, Response
from tests.fake_idp import traffic

SMALL = Exchange(
    number=2,
    kind=Kind.TOKEN,
    request=Request(method="POST", target="/t", headers=Headers((("X", "é"), ("x", ""))), body=b"a=\xff"),
    response=Response(status=200, body=b"{}"),
)


@given(traffic.entries, st.lists(traffic.secrets, unique=True, max_size=3))
def test_nothing_is_lost(entries: list[Entry], issued: list[Secret]) -> None:
    """Every entry and every secret comes back as it was, in order of arrival."""
    journal = from_jsonl(to_jsonl(entries, issued))
    assert journal.entries == tuple(sorted(entries, key=lambda entry: entry.number))
    assert journal.issued == tuple(issued)


@settings(deadline=None)
@given(traffic.exchanges)
def test_a_line_is_one_line_of_ascii(exchange: Exchange) -> None:
    """Whatever a peer sends, a line ends where it ends and any editor can open the file."""
    line = to_line(exchange)
    assert line.isascii()
    assert line.count("\n") == 1
    assert line.endswith("\n")


def test_the_form_is_plain_to_read() -> None:
    """Header, secrets, entries; defaults left out; a body as text where it is UTF-8, else base64."""
    lines = to_jsonl([SMALL], [Secret("password", "p")], facts={"scenario": "s"}, child={"exit_status": 0})
    assert [json.loads(line) for line in lines.splitlines()] == [
        {"journal": FORMAT},
        {"facts": {"scenario": "s"}, "child": {"exit_status": 0}},
        {"issued": "password", "value": "p"},
        {
            "exchange": 2,
            "kind": "token",
            "request": {"method": "POST", "target": "/t", "headers": [["X", "é"], ["x", ""]], "base64": "YT3/"},
            "response": {"status": 200, "headers": [], "body": "{}"},
        },
    ]


def test_facts_and_child_come_back_as_they_were() -> None:
    """An empty child is not the same as none."""
    lines = to_jsonl([], facts={"a": 1}, child={}).split("\n")
    assert list(read_lines(lines)) == [Opening(), Opening(facts={"a": 1}, child={})]
    assert list(read_lines([to_line(Opening(facts={}))])) == [Opening(facts={})]


def test_a_line_knows_its_place() -> None:
    """File and line, unless the recording itself says where it was read from."""
    known = replace(SMALL, source="trace.har#1")
    lines = ["", to_line(SMALL), to_line(known)]
    assert list(read_lines(lines, "file")) == [replace(SMALL, source="file:2"), known]


def test_empty_lines_are_skipped() -> None:
    """An editor may leave some."""
    text = "\n" + to_line(Connection(number=3)) + "\r\n\n"
    assert from_jsonl(text).entries == (Connection(number=3),)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "Expecting"),
        ("[]", "not an object with a member"),
        ("3", "not an object with a member"),
        ("{}", "not an object with a member"),
        ('{"exchange":1,"exchange":2}', "twice"),
        ('{"exchange":NaN}', "NaN is not a JSON number"),
        ("[" * 100_000, "nested too deeply"),
        ('{"exchange":1}', "kind is missing, and should be str"),
        ('{"exchange":true,"kind":"token","request":{}}', "exchange is of type bool"),
        ('{"exchange":1,"kind":"x","request":{"method":"a","target":"b"}}', "'x' is not a kind: expected one of"),
        ('{"exchange":1,"kind":"api","request":{"method":"a"}}', "target is missing"),
        ('{"exchange":1,"kind":"api","request":{"method":"a","target":"b","headers":[["x"]]}}', "header"),
        ('{"exchange":1,"kind":"api","request":{"method":"a","target":"b","headers":[["x",[]]]}}', "header"),
        ('{"exchange":1,"kind":"api","request":{"method":"a","target":"b","headers":[3]}}', "header"),
        ('{"exchange":1,"kind":"api","request":{"method":"a","target":"b","base64":"*"}}', "base64|Non-base64|padding"),
        ('{"exchange":1,"kind":"api","request":{"method":"a","target":"b","body":"\\ud800"}}', "surrogates"),
        ('{"connection":1,"started":' + "9" * 400 + "}", "too large|digits"),
        ('{"issued":"password"}', "value is missing"),
        ('{"facts":[]}', "facts is of type list"),
        ('{"journal":"blastiq-journal/9"}', "this kit reads blastiq-journal/1"),
    ],
)
def test_a_broken_line_is_named(line: str, said: str) -> None:
    """The error names the line, what is wrong, and what to do."""
    with pytest.raises(JournalError, match=said) as caught:
        from_jsonl(to_line(Opening()) + line + "\n" + to_line(SMALL))
    assert str(caught.value).startswith("line 2 is not a journal line: ")
    assert "record again" in str(caught.value)


def test_what_breaks_off_is_read_up_to_there() -> None:
    """Wherever a file ends, or a section does that another was appended to; and so it is when it is written again."""
    whole = to_jsonl([SMALL, Connection(number=2)], [Secret("password", "p")], facts={"scenario": "s"})
    records = list(read_lines(whole.split("\n")))
    for cut in range(len(whole)):
        lines = whole[:cut].split("\n")
        torn = [Torn(number=len(lines))] if lines[-1] and lines[-1] not in whole.split("\n") else []
        kept = records[: len(lines) - (not lines[-1] or bool(torn))]
        assert list(read_lines(lines)) == [*kept, *torn]
        for text in ("".join(map(to_line, [*kept, *torn])), f"{whole[:cut]}\n{whole}"):
            assert list(read_lines(text.split("\n")))[: len(kept) + len(torn)] == [*kept, *torn]


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """No input ends in another exception."""
    with contextlib.suppress(JournalError):
        assert len(from_jsonl(text)) == 0
