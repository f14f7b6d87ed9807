"""Files of any kind."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blastiq_conformance.sources import SourceError, read
from fake_idp.journal import Connection
from fake_idp.journal.jsonl import to_line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"a":1}', "JSON of an unknown kind, its top has 'a'"),
        (b'{"log":{}}', "log: no list of entries"),
        (b'{"a":1,"a":2}', "the member 'a' stands twice"),
        (b'{"a":Infinity}', "Infinity is not a JSON number"),
        (b'{"log":\n{"entries":[', "line 2, column 13: broken JSON"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"exchange":1', "a journal without an exchange"),
        (b"\xff\xfe{\x00", "byte 0: not UTF-8 text"),
        (b"HTTP/1.1 200 OK", "neither JSON nor a cassette"),
        (b" \n", "nothing is in it"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    """The error says file, place, what is wrong and what to do."""
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read(path)
    text = str(caught.value)
    assert text.startswith(str(path))
    assert said in text
    assert caught.value.advice in text


def test_a_missing_file_and_a_directory_are_named(tmp_path: Path) -> None:
    """Neither ends in a traceback."""
    with pytest.raises(SourceError, match="No such file"):
        read(tmp_path / "none")
    with pytest.raises(SourceError, match="a directory"):
        read(tmp_path)


def test_a_huge_file_is_not_even_opened(tmp_path: Path) -> None:
    """What would fill the memory is refused by its size."""
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(600 * 1024 * 1024)
    with pytest.raises(SourceError, match="larger than"):
        read(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    """Windows tools write one."""
    path = tmp_path / "file"
    path.write_text("\ufeff" + to_line(Connection(number=1)), encoding="utf-8")
    assert read(path)[0].connections[0].number == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text().map(str.encode) | st.text(alphabet='{}[]":,aelog\n -&*!').map(str.encode))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    """No content ends in another exception."""
    path = tmp_path / "file"
    path.write_bytes(content)
    with contextlib.suppress(SourceError):
        assert all(exchange.source for evidence in read(path) for exchange in evidence.exchanges)
