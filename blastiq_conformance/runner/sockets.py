"""The inode of the socket at the other end of a connection on this machine, by which its process is found (Linux)."""

import socket
import struct
from contextlib import suppress

from fake_idp.http.far_end import inode_at
from fake_idp.http.port import Address

# sock_diag(7): one socket is asked for by its two ends, which takes microseconds however many there are.
_SOCK_DIAG, _BY_FAMILY = 4, 20
_HEADER = struct.Struct("=IHHII")
_QUERY = struct.Struct("=BBBxI2s2s16s16sI8s")
_ANY_STATE, _ANY_COOKIE = 0xFFFFFFFF, b"\xff" * 8
_INODE_AT = _HEADER.size + 68


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
