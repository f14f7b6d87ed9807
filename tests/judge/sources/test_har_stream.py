"""HAR files that are too large for memory, and everything that is packed."""

import gzip
import io
import json
from pathlib import Path

import pytest

from blastiq_conformance import given_file
from blastiq_conformance.sources import SourceError, content, har, har_stream, read
from blastiq_conformance.sources.har_stream import EntryStream
from blastiq_conformance.sources.recorded import Message
from fake_idp.journal import Connection
from fake_idp.journal.jsonl import to_line
from fake_idp.wire import Json
from tests.judge.cli.test_check import ENTRY

LOG = {"log": {"version": "1.2", "creator": {"name": "Firefox"}, "pages": [{"id": 1}], "entries": [ENTRY, ENTRY]}}


def entries(text: str | bytes) -> list[Json]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(EntryStream("f", io.BytesIO(data)))


def test_large_and_small_are_judged_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same evidence, read whole and read in pieces."""
    path = tmp_path / "trace"
    path.write_text("\ufeff" + json.dumps(LOG), encoding="utf-8")
    whole = read(path)
    monkeypatch.setattr(content, "LARGE", 100)
    assert read(path) == whole
    assert whole[0].exchanges[0].response is not None


def test_a_value_may_end_anywhere_in_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in pieces of any length, down to a byte, a file gives the same entries."""
    entry: Json = {"a": [-1.5e-3, True, None, "é\\ud83e\\udd98\\n", {"": []}], "b": {}, "c": 12}
    text = "\ufeff " + json.dumps({"x": 12, "log": {"entries": [entry, 34, []], "creator": {"name": "x"}}}, indent=1)
    for size in range(1, 40):
        monkeypatch.setattr(har_stream, "_PIECE", size)
        assert entries(text) == [entry, 34, []]


LENGTH = {"name": "Content-Length", "value": "70000"}
PLACE = {"name": "Location", "value": "/x"}
PAGE: dict[str, Json] = {"method": "GET", "url": "https://x.example/"}
ASKED: dict[str, Json] = {"method": "GET", "url": "https://www.blastiq.com/identity/connect/token"}
POSTED: Json = {
    "method": "POST",
    "url": "https://x.example/",
    "postData": {"params": [{"name": "grant_type", "value": "password"}]},
}
LONG = "x" * 70_000


def answered(request: Json, text: str, status: int = 200, **more: Json) -> Message:
    """Read an entry as one of a large file."""
    response = {"status": status, "headers": [LENGTH, PLACE], "content": {"text": text, **more}}
    log = {"a": [1], "log": {"entries": [{"request": request, "response": response}]}}
    (message,) = har.read_stream("f", io.BytesIO(json.dumps(log).encode()))
    return message


@pytest.mark.parametrize(
    ("message", "fields", "body"),
    [
        pytest.param(answered(PAGE, "<p>"), [], b"", id="page"),
        pytest.param(answered(PAGE, "PHA+", encoding="base64"), [], b"", id="base64"),
        pytest.param(answered(PAGE, LONG + "error", 302), ["Location"], b"", id="long"),
        pytest.param(answered(PAGE, "<p>", 404), ["Location"], b"", id="error"),
        pytest.param(answered(PAGE, "<p>", 299), [], b"", id="no error"),
        pytest.param(
            answered(PAGE, '{"access_token": 1}'), ["Content-Length", "Location"], b'{"access_token": 1}', id="token"
        ),
        pytest.param(answered(ASKED, "<"), ["Content-Length", "Location"], b"<", id="a page in place of a token"),
        pytest.param(answered(POSTED, "<"), ["Content-Length", "Location"], b"<", id="a page for a grant"),
        pytest.param(answered(ASKED, LONG), [], b"", id="a long answer to a request for a token"),
    ],
)
def test_what_no_rule_reads_is_left_out(message: Message, fields: list[str], body: bytes) -> None:
    """Pictures and scripts, with their headers; an answer of the identity server is kept, or said to be lost."""
    assert message.response is not None
    assert ([name for name, _ in message.response.headers], message.response.body) == (fields, body)
    lost = "its answer of 70,000 bytes is too long to be kept"
    assert message.response_missing == (lost if message.request.url == ASKED["url"] and not body else "")


def test_an_answer_that_was_not_kept_leaves_its_rules_undecided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came back for the password is not known; what was sent is judged on."""
    path = tmp_path / "trace"
    path.write_text(
        json.dumps({"log": {"entries": [ENTRY | {"response": {"status": 200, "content": {"text": LONG}}}]}})
    )
    monkeypatch.setattr(content, "LARGE", 100)
    (exchange,) = read(path)[0].exchanges
    assert exchange.lost == {"response"}
    assert exchange.response is not None
    assert exchange.response.body == b""
    assert "too long to be kept" in exchange.edited


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "log: no list of entries"),
        ('{"log": 3}', "log: no list of entries"),
        ('{"log": {"entries": 3}}', "log: no list of entries"),
        ('{"log": {"entries": [{"a": 1, "a": 2}]}}', "'a' stands twice"),
        ('{"log": {"entries": [' + "[" * 100_000, "nested too deeply"),
        ('{"log": {"entries": [' + '{"a":' * 100_000, "nested too deeply"),
        ('{"log": {"entries": [NaN]}}', "broken JSON"),
        ('{"log": {"entries": [{"a" 1}]}}', "broken JSON"),
        ('{"log": {"entries" 1}}', "'entries' has no value"),
        ('{"log": {"entries": [1 2]}}', "'2' where a comma or ']' was expected"),
        ('{"log": {"entries": [{"a": ', "broken JSON"),
        ("", "broken JSON"),
        (b'{"log": {"entries": ["\xff"]}}', "broken JSON"),
    ],
)
def test_what_cannot_be_read_is_named(text: str | bytes, said: str) -> None:
    """File and place; nothing fills the memory."""
    with pytest.raises(SourceError, match=said):
        entries(text)


def test_large_journals_are_read_and_other_kinds_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By lines; a wrong byte is named with its line's beginning."""
    monkeypatch.setattr(content, "LARGE", 20)
    path = tmp_path / "file"
    path.write_text(to_line(Connection(number=1)) * 2)
    assert len(read(path)[0].connections) == 2
    path.write_text("interactions: []" + " " * 20)
    with pytest.raises(SourceError, match="larger than 64 MiB"):
        read(path)


def test_packed_files_are_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal or HAR under gzip; what is broken, or unpacks without end, is named."""
    path = tmp_path / "file"
    packed = gzip.compress(json.dumps(LOG).encode())
    path.write_bytes(packed)
    assert len(read(path)[0].exchanges) == 2
    for broken in (packed[:-20], packed[:20] + b"\0\0\0" + packed[23:]):
        path.write_bytes(broken)
        with pytest.raises(SourceError, match="broken gzip"):
            read(path)
    monkeypatch.setattr(content, "LARGE", 1_000)
    path.write_bytes(gzip.compress(b"interactions: " + b" " * 2_000))
    with pytest.raises(SourceError, match="larger than"):
        read(path)
    path.write_bytes(packed)
    assert len(read(path)[0].exchanges) == 2


def test_one_entry_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read in pieces is held for one entry at most, and that is bounded; two such entries are not one."""
    monkeypatch.setattr(given_file, "LARGEST", 400_000)
    entry = {"request": {"url": "x" * 150_000}}
    assert len(entries(json.dumps({"log": {"entries": [entry] * 5}}))) == 5
    with pytest.raises(SourceError, match="larger than 64 MiB"):
        entries(json.dumps({"log": {"entries": [{"request": {"url": "x" * 600_000}}]}}))


def test_one_line_cannot_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sparse file is a single line of zeros."""
    path = tmp_path / "journal"
    path.write_text(to_line(Connection(number=1)) + "\0" * 2_000)
    monkeypatch.setattr(content, "LARGE", 20)
    monkeypatch.setattr(given_file, "LARGEST", 1_000)
    with pytest.raises(SourceError, match="a line larger than 64 MiB"):
        read(path)
