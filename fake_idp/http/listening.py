"""Listening sockets, opened and closed without losing what asyncio has accepted."""

import asyncio
import errno
import os
import socket
from collections.abc import Callable
from contextlib import suppress


async def listen(protocol: Callable[[], asyncio.BaseProtocol], host: str, port: int) -> asyncio.Server:
    """Listen, and answer by such a protocol; raises OSError if the address or port cannot be had."""
    try:
        listening = await asyncio.get_running_loop().create_server(protocol, host, port, backlog=512)
    except UnicodeError:
        # The name service is not even asked for such a name.
        raise socket.gaierror(socket.EAI_NONAME, "it is not a host name") from None
    if not listening.sockets:
        # asyncio takes this for a kind of address that the machine does not have.
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    return listening


async def stop_accepting(listening: asyncio.Server) -> None:
    """Close the sockets once every accepted connection has its protocol: asyncio would forget one that has none."""
    loop = asyncio.get_running_loop()
    for line in listening.sockets:
        with suppress(NotImplementedError):  # Windows
            loop.remove_reader(line.fileno())
    await asyncio.sleep(0)
    listening.close()
