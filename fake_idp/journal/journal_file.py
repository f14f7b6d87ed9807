"""A journal on disk that grows with the one in memory."""

import os
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

from fake_idp.journal import Journal
from fake_idp.journal.jsonl import Object, Opening, Record, to_line


class JournalFile:
    """Writes each entry as it comes, one line at a time; only its owner may read the file.

    Attach it before anything happens. `write` makes a line of a record, and may leave out what the kit did not issue.
    A new section is appended to an existing file. When no more can be written, the file ends with the last whole line,
    `on_failure` is called once, and recording goes on.
    """

    def __init__(
        self,
        path: Path,
        journal: Journal,
        *,
        facts: Object | None = None,
        write: Callable[[Record], str] = to_line,
        on_failure: Callable[[OSError], None] = lambda _: None,
    ) -> None:
        """Open a section, write the existing entries and follow the journal; raises OSError if that fails."""
        self._lock = threading.Lock()
        self._to_line, self._on_failure = write, on_failure
        self.failure: OSError | None = None
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._open = True
        try:
            status = os.fstat(self._descriptor)
            self._is_file, self._whole = stat.S_ISREG(status.st_mode), status.st_size
            if self._is_file:
                path.chmod(0o600)
                if _breaks_off(path):
                    # The new section must not be lost with the torn line.
                    self._put("\n")
            openings = [Opening()] if facts is None else [Opening(), Opening(facts=facts)]
            for record in (*openings, *journal.issued, *journal.entries):
                self._put(self._to_line(record))
        except BaseException:
            self.close()
            raise
        journal.subscribe(self._write, issued=self._write)

    def _write(self, record: Record) -> None:
        line = self._to_line(record)
        with self._lock:
            if not self._open:
                return
            try:
                self._put(line)
            except OSError as error:
                failure = self.failure = error
                self._give_up()
            else:
                return
        self._on_failure(failure)

    def _put(self, line: str) -> None:
        data = line.encode("ascii", "backslashreplace")
        written = 0
        while written < len(data):
            written += os.write(self._descriptor, data[written:])
        self._whole += written

    def _give_up(self) -> None:
        # Taking half a line back needs no disk space.
        if self._is_file:
            with suppress(OSError):
                os.ftruncate(self._descriptor, self._whole)
        self._open = False
        with suppress(OSError):
            os.close(self._descriptor)

    def close(self) -> None:
        """Close the file; what is recorded later is no longer written."""
        with self._lock:
            if self._open:
                self._open = False
                os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _breaks_off(path: Path) -> bool:
    """Whether the last line of a file has no end."""
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 1))
        return file.read(1) not in {b"", b"\n"}
