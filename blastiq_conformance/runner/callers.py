"""Who calls: the process behind a connection, among those that one child has started (on Linux)."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import suppress

from blastiq_conformance.runner.process import descendants, descriptors, is_marked, look_at, pids, words_of
from fake_idp.http.far_end import inode_at
from fake_idp.http.port import Address

# It forwards what others send, and nobody sees for whom.
_PASSES_ON = "blastiq_conformance.proxy.enclosure"
# A fast program calls before the kit knows that it has started.
_UNTIL_STARTED = 1.0
# sock_diag(7): one socket is asked for by its two ends, which takes microseconds however many there are.
_SOCK_DIAG, _BY_FAMILY = 4, 20
_HEADER = struct.Struct("=IHHII")
_QUERY = struct.Struct("=BBBxI2s2s16s16sI8s")
_ANY_STATE, _ANY_COOKIE = 0xFFFFFFFF, b"\xff" * 8
_INODE_AT = _HEADER.size + 68


class Callers:
    """Names the processes of a child: p1 is the child itself, p1/p2 the next that called, started by it.

    A name is a path, because a program may be one process, or a script that starts another one for each request:
    processes that share a token are found by the common part of their paths.
    """

    def __init__(self, marker: str) -> None:
        """Know the child by a marker in its environment; its process id follows once it has started."""
        self.marker, self._root = marker, 0
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
        holders = (pid for pid in self._processes() for _, leads_to in descriptors(pid) if leads_to == held)
        pid = next(holders, 0) if inode else 0
        return self._name(pid) if pid and _PASSES_ON not in words_of(pid) else ""

    def _processes(self) -> Iterator[int]:
        # It is nearly always below the child; one that left its parent is sought among all processes.
        yield from descendants(self._root)
        yield from (pid for pid in pids() if is_marked(pid, self.marker))

    def _name(self, pid: int) -> str:
        line = [pid]
        while line[-1] != self._root:
            parent = look_at(line[-1]).parent
            # A stray whose parent has ended counts as started by the child.
            line.append(parent if is_marked(parent, self.marker) else self._root)
        return "/".join(f"p{self._number(each)}" for each in reversed(line))

    def _number(self, pid: int) -> int:
        known = pid, look_at(pid).started
        with self._lock:
            return self._numbers.setdefault(known, len(self._numbers) + 1)


def inode_of(peer: Address, here: Address) -> int:
    """Give the inode of the socket at `peer` that is connected to `here`; 0 where it cannot be found."""
    with suppress(OSError, AttributeError):
        return _asked(peer, here)
    # The kernel's list of all sockets: the only way in a sandbox that has no sock_diag.
    return inode_at(peer[1], here[1]) or 0


def _asked(peer: Address, here: Address) -> int:
    ends = [part for host, port in (peer, here) for part in (struct.pack("!H", port), socket.inet_aton(host))]
    query = _QUERY.pack(
        socket.AF_INET, socket.IPPROTO_TCP, 0, _ANY_STATE, ends[0], ends[2], ends[1], ends[3], 0, _ANY_COOKIE
    )
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, _SOCK_DIAG) as kernel:
        kernel.send(_HEADER.pack(_HEADER.size + len(query), _BY_FAMILY, 1, 0, 0) + query)
        answer = kernel.recv(4096)
    # Anything else is an error: there is no such socket, or the kernel does not support the query.
    if _HEADER.unpack_from(answer)[1] != _BY_FAMILY:
        raise OSError("the kernel names no socket")
    inode: int = struct.unpack_from("=I", answer, _INODE_AT)[0]
    return inode
