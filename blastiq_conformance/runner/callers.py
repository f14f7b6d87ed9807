"""Who calls: the process behind a connection, among those that one child has started (on Linux)."""

import threading
from collections.abc import Iterator

from blastiq_conformance.runner.process import descendants, holds, is_marked, look_at, pids, words_of
from blastiq_conformance.runner.sockets import inode_of
from fake_idp.http.port import Address

# It forwards what others send, and nobody sees for whom.
_PASSES_ON = "blastiq_conformance.proxy.enclosure"
# A fast program calls before the kit knows that it has started.
_UNTIL_STARTED = 1.0


class Callers:
    """Names the processes of a child: p1 is the child itself, p1/p2 the next that called, started by it.

    A name is a path, because a program may be one process, or a script that starts another one for each request:
    processes that share a token are found by the common part of their paths.
    """

    def __init__(self, marker: str) -> None:
        """Know the child by a marker in its environment; its process id follows once it has started."""
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
        """Name the child's process that holds the peer's end of a connection; empty where none does."""
        inode = inode_of(peer, here) if self._started.wait(_UNTIL_STARTED) else 0
        held = f"socket:[{inode}]"
        pid = next((pid for pid in self._processes() if holds(pid, held)), 0) if inode else 0
        return self._name(pid) if pid and _PASSES_ON not in words_of(pid) else ""

    def _processes(self) -> Iterator[int]:
        # It is nearly always below the child; one that left its parent is sought among all processes.
        yield from descendants(self._root)
        yield from (pid for pid in pids() if is_marked(pid, self._marker))

    def _name(self, pid: int) -> str:
        line = [pid]
        while line[-1] != self._root:
            parent = look_at(line[-1]).parent
            # A stray whose parent has ended counts as started by the child.
            line.append(parent if is_marked(parent, self._marker) else self._root)
        return "/".join(f"p{self._number(each)}" for each in reversed(line))

    def _number(self, pid: int) -> int:
        known = pid, look_at(pid).started
        with self._lock:
            return self._numbers.setdefault(known, len(self._numbers) + 1)
