"""HAR files that are too large for memory, and everything that is packed."""

import gzip
import io
import json
from pathlib import Path

import pytest

from blastiq_conformance.sources import SourceError, content, read
from blastiq_conformance.sources.har_stream import EntryStream
from fake_idp.journal import Connection
from fake_idp.jsonl import to_line
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


def test_what_no_rule_reads_is_left_out() -> None:
    """Pictures, scripts, cookies; an answer of the identity server is kept."""
    page = {"request": {"cookies": [1]}, "response": {"status": 200, "headers": [1], "content": {"text": "<p>"}}}
    large = {"response": {"status": 404, "content": {"text": "x" * 70_000, "encoding": "base64"}}}
    kept = {"response": {"status": 200, "content": {"text": '{"access_token": 1.5}'}}}
    assert entries(json.dumps({"a": [1], "log": {"entries": [page, large, kept, 3]}})) == [
        {"request": {}, "response": {"status": 200}},
        {"response": {"status": 404, "content": {}}},
        kept,
        3,
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "log: no list of entries"),
        ('{"log": 3}', "log: no list of entries"),
        ('{"log": {"entries": 3}}', "log: no list of entries"),
        ('{"log": {"entries": [{"a": 1, "a": 2}]}}', "'a' stands twice"),
        ('{"log": {"entries": [' + "[" * 200 + "]" * 200 + "]}}", "nested too deeply"),
        ('{"log": {"entries": [' + '{"a":' * 200 + "1" + "}" * 200 + "]}}", "nested too deeply"),
        ('{"log": {"entries": [NaN]}}', "broken JSON"),
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
