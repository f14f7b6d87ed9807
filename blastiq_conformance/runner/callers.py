"""Who calls: the process behind a connection, among those that one child has started (on Linux)."""

import threading
from collections.abc import Iterator

from blastiq_conformance.runner.process import descendants, holds, is_marked, look_at, pids, words_of
from blastiq_conformance.runner.sockets import inode_of
from fake_idp.http.port import Address

# It passes on what others send, and nobody sees whom it speaks for.
_PASSES_ON = "blastiq_conformance.proxy.enclosure"
# A fast program calls before whoever started it has been told that it runs.
_UNTIL_STARTED = 1.0


class Callers:
    """Names the processes of a child: p1 is the child itself, p1/p2 the next that called, started by it.

    A name is a path, for a program may be one process, or a script that starts another for each request: whoever
    shares a token is found by what their paths have in common.
    """

    def __init__(self, marker: str) -> None:
        """Know the child by what stands in its environment; its number comes once it has been started."""
        self._marker, self._root = marker, 0
        self._started = threading.Event()
        self._lock = threading.Lock()
        self._numbers: dict[tuple[int, int], int] = {}

    def started(self, pid: int) -> None:
        """Learn which process the child is."""
        self._root = pid
        self._number(pid)
        self._started.set()

    def __call__(self, peer: Address, here: Address) -> str:
        """Name the process that holds the peer's end of a connection; empty where none of this child's does."""
        inode = inode_of(peer, here) if self._started.wait(_UNTIL_STARTED) else 0
        held = f"socket:[{inode}]"
        pid = next((pid for pid in self._processes() if holds(pid, held)), 0) if inode else 0
        return self._name(pid) if pid and _PASSES_ON not in words_of(pid) else ""

    def _processes(self) -> Iterator[int]:
        # Nearly always it is below the child; what has left its parent is sought among all processes.
        yield from descendants(self._root)
        yield from (pid for pid in pids() if is_marked(pid, self._marker))

    def _name(self, pid: int) -> str:
        line = [pid]
        while line[-1] != self._root:
            parent = look_at(line[-1]).parent
            # A stray, whose parent has ended, counts as started by the child.
            line.append(parent if is_marked(parent, self._marker) else self._root)
        return "/".join(f"p{self._number(each)}" for each in reversed(line))

    def _number(self, pid: int) -> int:
        known = pid, look_at(pid).started
        with self._lock:
            return self._numbers.setdefault(known, len(self._numbers) + 1)
