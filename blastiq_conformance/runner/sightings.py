"""What was seen of one child's processes while they ran: their arguments and the files that they held open."""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress

from blastiq_conformance.runner.process import descriptors, look_at, words_of

_MOST_PROCESSES = 64
_MOST_ARGUMENTS = 64
_MOST_FILES = 64
# These are not files that keep anything.
_NO_FILES = ("/proc/", "/sys/", "/memfd:")
_GONE = " (deleted)"


class Sightings:
    """Collects them; any thread may look, for a dict does each of these steps as one.

    `marker` is in the environment of the child and its descendants.
    """

    def __init__(self, marker: str) -> None:
        """Begin with nothing seen."""
        self.marker = marker
        self._alive: dict[int, None] = {}
        self._arguments: dict[tuple[str, ...], None] = {}
        self._files: dict[str, None] = {}

    @property
    def arguments(self) -> tuple[tuple[str, ...], ...]:
        """The argument vectors, each once, in order."""
        return tuple(self._arguments)

    @property
    def files(self) -> tuple[str, ...]:
        """The files, by their paths."""
        return tuple(self._files)

    def see(self, pids: Iterable[int]) -> None:
        """Look at processes that belong to the child, and remember them."""
        for pid in pids:
            if len(self._alive) < _MOST_PROCESSES:
                self._alive[pid] = None
            self._look_at(pid)

    def look(self, *, at_files: bool = False) -> None:
        """Look again at all that live, for they may have become other programs; and at what they hold open to write."""
        for pid in tuple(self._alive):
            self._look_at(pid)
            if at_files:
                self._note_files(pid)

    def _look_at(self, pid: int) -> None:
        words = words_of(pid)
        # One that has just become another program has no arguments for a moment.
        if not words and not look_at(pid).runs:
            self._alive.pop(pid, None)
        elif words and len(self._arguments) < _MOST_ARGUMENTS:
            self._arguments.setdefault(words)

    def _note_files(self, pid: int) -> None:
        for link, path in descriptors(pid):
            if not path.startswith("/") or path.startswith(_NO_FILES) or path.endswith(_GONE):
                continue
            with suppress(OSError):
                # The link's own mode says how it is open (proc(5)).
                written = os.lstat(link).st_mode & stat.S_IWUSR and stat.S_ISREG(os.stat(link).st_mode)  # noqa: PTH116 - ten times as fast
                if written and len(self._files) < _MOST_FILES:
                    self._files.setdefault(path)
