"""Notices processes that live for milliseconds, with one thread for all children that wakes often (Linux).

The kernel tells which process is the newest (proc(5), loadavg), so a glance is enough as long as none was started. A
process that begins and ends between two glances is missed, but not one that calls the fake: there is another glance
when a request arrives, while its sender waits for the answer.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from blastiq_conformance.runner.process import is_marked
from blastiq_conformance.runner.sightings import Sightings

_NEWEST = "/proc/loadavg"
_GLANCE = 0.002
# A new process is a copy of its parent until it becomes its program, so it is looked at this many times.
_LOOKS = 8
# The most after a burst, or after the numbers wrapped around.
_MOST_NEW = 256
_SLOWLY = 0.1


class Spotter:
    """Follows children by the marker in their environment; does nothing where the system does not support it."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._lock = threading.Lock()
        self._followed: list[Sightings] = []
        self._young: dict[int, int] = {}  # how many looks at each are left
        self._newest = 0
        self._thread: threading.Thread | None = None

    @contextmanager
    def follow(self, sightings: Sightings) -> Iterator[None]:
        """Note there what is seen of a child while the block runs."""
        with self._lock:
            if not self._followed:
                self._newest, self._young = _newest(), {}
            self._followed.append(sightings)
            if self._thread is None and self._newest:
                self._thread = threading.Thread(target=self._run, name="blastiq-spotter", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._followed.remove(sightings)

    def glance(self) -> None:
        """Look at what is new since the last glance."""
        with self._lock:
            newest = _newest()
            young = self._young | dict.fromkeys(_between(self._newest, newest), _LOOKS)
            self._newest = newest
            for pid in young:
                self._see(pid)
            self._young = {pid: looks - 1 for pid, looks in young.items() if looks > 1}

    def glance_at(self, sightings: Sightings) -> None:
        """Look at what is new, and again at all live processes of one child."""
        self.glance()
        sightings.look()

    def _see(self, pid: int) -> None:
        for sightings in self._followed:
            if is_marked(pid, sightings.marker):
                sightings.see((pid,))
                return

    def _run(self) -> None:
        slowly = 0.0
        while True:
            time.sleep(_GLANCE)
            with self._lock:
                if not self._followed:
                    self._thread = None
                    return
                followed = tuple(self._followed)
            self.glance()
            if time.monotonic() >= slowly:
                for each in followed:
                    each.look(at_files=True)
                slowly = time.monotonic() + _SLOWLY


def _newest() -> int:
    """Give the number of the newest process or thread; 0 where it is not known."""
    with suppress(OSError, ValueError, IndexError), open(_NEWEST, "rb", buffering=0) as file:  # noqa: PTH123 - fast
        return int(file.read().split()[-1])
    return 0


def _between(last: int, newest: int) -> range:
    if newest < last:
        # The numbers wrapped around.
        return range(max(1, newest - _MOST_NEW), newest + 1)
    return range(max(last, newest - _MOST_NEW) + 1, newest + 1)
