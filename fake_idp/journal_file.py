"""A journal on disk that grows with the one in memory."""

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from fake_idp.journal import Journal
from fake_idp.jsonl import Object, Opening, Record, to_line


class JournalFile:
    """Writes each entry as it comes, one line at a time; none but its owner may read the file.

    Attach it before anything happens. `write` makes a line of a record, and may leave out what the kit did not issue.
    An existing file is kept: a new section is appended.
    """

    def __init__(
        self,
        path: Path,
        journal: Journal,
        *,
        facts: Object | None = None,
        write: Callable[[Record], str] = to_line,
    ) -> None:
        """Open a section, write what is there already and follow the journal; raises OSError where that fails."""
        self._lock = threading.Lock()
        self._to_line = write
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._file = os.fdopen(descriptor, "a", encoding="ascii", errors="backslashreplace", newline="\n")
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            path.chmod(0o600)
        openings = [Opening()] if facts is None else [Opening(), Opening(facts=facts)]
        for record in (*openings, *journal.issued, *journal.entries):
            self._write(record)
        journal.subscribe(self._write, issued=self._write)

    def _write(self, record: Record) -> None:
        line = self._to_line(record)
        with self._lock:
            if not self._file.closed:
                self._file.write(line)
                self._file.flush()

    def close(self) -> None:
        """Close the file; what is recorded later is no longer written."""
        with self._lock:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
