"""The other end of a connection: whether a peer that ended its own side still holds it, and so still listens."""

import asyncio
from pathlib import Path

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
# Columns of /proc/net/tcp: the local address, the remote one, and the inode, 0 where no process holds the socket.
_LOCAL, _REMOTE, _INODE = 1, 2, 9
_NOBODYS = "0"


def is_held(transport: asyncio.BaseTransport) -> bool | None:
    """Tell whether a peer on this machine still has its end open; None where the kernel does not show it.

    Two things look alike on the wire: a FIN from a peer that ended its side and reads on, and one from a peer that
    closed. Until something is sent, only the peer's own kernel knows which of them it was.
    """
    peer, own = (transport.get_extra_info(name) for name in ("peername", "sockname"))
    if not peer or not own:
        return None
    ends = f":{peer[1]:04X}", f":{own[1]:04X}"
    for table in _TABLES:
        try:
            rows = table.read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            columns = row.split()
            if columns[_LOCAL].endswith(ends[0]) and columns[_REMOTE].endswith(ends[1]):
                return columns[_INODE] != _NOBODYS
    return None
