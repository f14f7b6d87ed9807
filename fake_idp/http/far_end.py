"""The peer's end of a connection: whether it still listens after its FIN, and what it had sent before it left."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
# Columns of /proc/net/tcp (proc(5)): the local address, the remote one, and the inode.
_LOCAL, _REMOTE, _INODE = 1, 2, 9
_READ_SIZE = 64 * 1024
# Bytes; more than a kernel holds of one connection by default. A peer that goes on sending is not read for ever.
_MOST_UNREAD = 8 * 1024 * 1024
# Seconds between two looks: soon again at first, for a kernel tells of a FIN before it lets go of the socket.
_FIRST_LOOK, _LAST_LOOK = 0.005, 0.2


def is_held(transport: asyncio.BaseTransport) -> bool | None:
    """Say whether a peer on this machine still has its end open; None if the kernel does not show it.

    On the wire, the FIN of a peer that ended its side and reads on looks like that of a peer that closed. Until
    something is sent, only the peer's own kernel knows which of the two it was.
    """
    peer, own = (transport.get_extra_info(name) for name in ("peername", "sockname"))
    inode = inode_at(peer[1], own[1]) if peer and own else None
    return None if inode is None else inode != 0


def inode_at(port: int, remote: int) -> int | None:
    """Give the inode of this machine's socket between two ports, 0 if no process holds it; None if none is shown."""
    ends = f":{port:04X}", f":{remote:04X}"
    for table in _TABLES:
        with suppress(OSError):
            for row in table.read_text("ascii").splitlines()[1:]:
                columns = row.split()
                if columns[_LOCAL].endswith(ends[0]) and columns[_REMOTE].endswith(ends[1]):
                    return int(columns[_INODE])
    return None


def watch(
    loop: asyncio.AbstractEventLoop,
    transport: asyncio.BaseTransport,
    done: Callable[[], bool],
    left: Callable[[], None],
    pause: float = _FIRST_LOOK,
) -> None:
    """Call `left` once a peer that ended its side has gone, looking again and again until `done`."""
    if done():
        return
    if is_held(transport) is False:
        left()
    else:
        loop.call_later(pause, watch, loop, transport, done, left, min(2 * pause, _LAST_LOOK))


def unread(transport: asyncio.BaseTransport) -> bytes:
    """Give what a lost peer had sent and nobody has read: the kernel keeps it that long."""
    line: socket.socket | None = transport.get_extra_info("socket")
    received = bytearray()
    if line is not None:
        with suppress(OSError), line.dup() as again:
            while len(received) < _MOST_UNREAD and (data := again.recv(_READ_SIZE)):
                received += data
    return bytes(received)
