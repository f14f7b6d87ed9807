"""Standard output that survives what becomes of it."""

import io
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fake_idp.system.outlet import open_outlets, refusal, spare_readers

FULL = Path("/dev/full")
ODD = "größe 测试 … \udcff ─"


@contextmanager
def standard_output(stream: io.TextIOWrapper | None) -> Iterator[None]:
    """Let this be standard output of a program that opens its outlets, in the place of pytest's."""
    before = sys.stdout, sys.stderr
    sys.stdout = stream
    sys.stderr = io.TextIOWrapper(io.BytesIO())
    try:
        open_outlets()
        yield
    finally:
        sys.stdout, sys.stderr = before
        if stream is not None:
            stream.close()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "latin-1", "cp437", "shift_jis", "ascii"])
def test_what_an_encoding_lacks_is_written_as_an_escape(tmp_path: Path, encoding: str) -> None:
    """Bytes stay as they are, and neither is a refusal."""
    file = tmp_path / "out"
    with standard_output(file.open("w", encoding=encoding)):
        sys.stdout.write(ODD + "\n")
        sys.stdout.flush()
        sys.stdout.buffer.write("…".encode())
        assert refusal(sys.stdout) is None
    text, _, raw = file.read_bytes().partition(os.linesep.encode())
    # Shift_JIS reads the backslash as a yen sign in some tables, not in Python's.
    assert text.decode(encoding).encode("ascii", "backslashreplace") == ODD.encode("ascii", "backslashreplace")
    assert raw == "…".encode()


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("buffering", [-1, 0], ids=["buffered", "unbuffered"])
def test_a_full_stream_drops_what_it_is_given_and_remembers_why(buffering: int) -> None:
    """From whatever thread it is written to, and however often."""
    raw = FULL.open("wb", buffering=buffering)
    with standard_output(io.TextIOWrapper(raw, write_through=not buffering)):
        thread = threading.Thread(target=sys.stdout.write, args=("x" * 100_000,))
        thread.start()
        thread.join()
        sys.stdout.write("and more\n")
        spare_readers()
        why = refusal(sys.stdout)
    assert why is not None
    assert why.strerror == "No space left on device"


def test_a_stream_that_was_never_there_is_a_refusal_once_it_is_used() -> None:
    """A program may be started without one; what it does not say cannot be lost."""
    with standard_output(None):
        assert refusal(sys.stdout) is None
        assert not sys.stdout.isatty()
        sys.stdout.write("hello\n")
        assert refusal(sys.stdout) is not None


@pytest.mark.skipif(os.name != "posix", reason="pipes are others there")
def test_a_reader_may_go_away_where_it_is_spared() -> None:
    """That nobody reads is told from what cannot be written."""
    reading, writing = os.pipe()
    os.close(reading)
    with standard_output(os.fdopen(writing, "w")):
        sys.stdout.write("hello\n")
        assert isinstance(refusal(sys.stdout), BrokenPipeError)
        spare_readers()
        assert refusal(sys.stdout) is None


@pytest.mark.skipif(os.name != "posix", reason="pipes are others there")
def test_a_stream_that_does_not_wait_is_waited_for() -> None:
    """Node hands such pipes to its children: more than fits into one is written all the same."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    received = bytearray()

    def drain() -> None:
        with os.fdopen(reading, "rb") as file:
            received.extend(file.read())

    thread = threading.Thread(target=drain)
    with standard_output(os.fdopen(writing, "w")):
        thread.start()
        sys.stdout.write("x" * 1_000_000)
        assert refusal(sys.stdout) is None
    thread.join()
    assert len(received) == 1_000_000
