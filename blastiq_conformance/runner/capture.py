"""The output of a child, read as it comes so that the child never blocks, and kept in bounded memory."""

import threading
from io import BufferedReader
from typing import IO, cast

_KEPT = 512 * 1024
_CHUNK = 64 * 1024


class Capture:
    """Reads a stream to its end in a thread of its own; keeps the first and the last 512 KiB."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        """Start to read; the stream is closed at its end."""
        self._stream = cast("BufferedReader", stream)  # what Popen gives for PIPE
        self._lock = threading.Lock()
        self._head = bytearray()
        self._tail = bytearray()
        self._left_out = 0
        self._thread = threading.Thread(target=self._read, name="blastiq-capture", daemon=True)
        self._thread.start()

    def close(self, timeout: float) -> None:
        """Wait until the stream has ended, but not longer than this: a stray process may hold it open."""
        self._thread.join(timeout)

    @property
    def data(self) -> bytes:
        """The output so far; where it is too much, a line says how many bytes are left out."""
        with self._lock:
            if not self._left_out:
                return bytes(self._head + self._tail)
            gap = f"\n[… {self._left_out} bytes left out …]\n".encode()
            return bytes(self._head) + gap + bytes(self._tail)

    def _read(self) -> None:
        with self._stream as stream:
            while chunk := stream.read1(_CHUNK):
                self._keep(chunk)

    def _keep(self, chunk: bytes) -> None:
        with self._lock:
            room = max(_KEPT - len(self._head), 0)
            self._head += chunk[:room]
            self._tail += chunk[room:]
            surplus = len(self._tail) - _KEPT
            if surplus > 0:
                del self._tail[:surplus]
                self._left_out += surplus
