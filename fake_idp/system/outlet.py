"""Standard output and error that never raise, so that no thread ends and no file stays unwritten because of them.

A character that the encoding lacks is written as an escape. A stream that is closed or full accepts and drops what it
is given, and remembers that for the exit code.
"""

import errno
import io
import os
import select
import sys
from typing import TextIO, cast


class _Sink(io.RawIOBase):
    """The bytes of a stream on their way out; `below` is None if the program was started without that stream."""

    def __init__(self, below: io.RawIOBase | None) -> None:
        super().__init__()
        self._below = below
        self.refusal: OSError | None = None
        self.spares_reader = False

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        portion = memoryview(cast("bytes", data))
        if self._below is None:
            self.refusal = OSError(errno.EBADF, os.strerror(errno.EBADF))
            return len(portion)
        try:
            while (written := self._below.write(portion)) is None:
                # The parent process has made the stream non-blocking.
                select.select([], [self._below], [])
        except OSError as error:
            self.refusal = self.refusal or error
            return len(portion)
        return written

    def isatty(self) -> bool:
        return self._below is not None and self._below.isatty()

    def fileno(self) -> int:
        return super().fileno() if self._below is None else self._below.fileno()


class _Outlet(io.TextIOWrapper):
    """A stream of text over a sink."""

    def __init__(self, sink: _Sink, encoding: str) -> None:
        super().__init__(io.BufferedWriter(sink), encoding, errors="backslashreplace", line_buffering=True)
        self.sink = sink


def open_outlets() -> None:
    """Make standard output and error of this process such streams; for our own programs, not for a library."""
    sys.stdout, sys.stderr = _outlet(sys.stdout), _outlet(sys.stderr)


def spare_readers() -> None:
    """Do not count it as a failure if the reader of standard output or error has gone: it need not read to the end."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, _Outlet):
            stream.sink.spares_reader = True


def refusal(stream: TextIO) -> OSError | None:
    """Give the reason why a stream could not be written; None if, as far as is known, all of it could."""
    stream.flush()
    if not isinstance(stream, _Outlet) or (
        stream.sink.spares_reader and isinstance(stream.sink.refusal, BrokenPipeError)
    ):
        return None
    return stream.sink.refusal


def _outlet(stream: TextIO | None) -> TextIO:
    if stream is None:
        return _Outlet(_Sink(None), "utf-8")
    stream.flush()
    # In unbuffered mode, there is no layer between text and bytes.
    raw = getattr(stream.buffer, "raw", stream.buffer)
    return _Outlet(_Sink(cast("io.RawIOBase", raw)), stream.encoding)
