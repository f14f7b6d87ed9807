"""An asyncio loop on a thread of its own, and ports that it listens on, for callers on other threads."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Protocol, TypeVar

from fake_idp.system.fault_trace import log

T = TypeVar("T")

# Seconds between two looks at connections that have not ended yet.
_TICK = 0.001


class LoopThread:
    """Runs a loop until it is closed."""

    def __init__(self, name: str, loop: asyncio.AbstractEventLoop) -> None:
        """Start the thread."""
        self.loop = loop
        loop.set_exception_handler(log)
        self._thread = threading.Thread(target=loop.run_forever, name=name, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Run something on the loop and give its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def close(self) -> None:
        """End the thread and close the loop."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class Leaver(Protocol):
    """A connection, as its port sees it."""

    def leave(self) -> None:
        """End at once, recording what is unrecorded."""


class Listening:
    """A port that listens, and the connections to it that are open."""

    def __init__(self, thread: LoopThread, sockets: asyncio.Server, connections: set[Leaver]) -> None:
        """Describe it."""
        self._thread, self._sockets, self._connections = thread, sockets, connections
        self.port: int = sockets.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Close the port, and its connections once what is under way is recorded."""
        self._thread.run(self._end())

    async def _end(self) -> None:
        loop = asyncio.get_running_loop()
        # asyncio would forget a connection that it has accepted and that has no protocol yet.
        for line in self._sockets.sockets:
            with suppress(NotImplementedError):  # Windows
                loop.remove_reader(line.fileno())
        await asyncio.sleep(0)
        self._sockets.close()
        pause = 0.0
        while self._connections:
            for connection in tuple(self._connections):
                connection.leave()
            await asyncio.sleep(pause)
            pause = _TICK
        await self._sockets.wait_closed()


async def listen(protocol: Callable[[], asyncio.BaseProtocol], host: str, port: int) -> asyncio.Server:
    """Listen, and answer by such a protocol; raises OSError if the address or port cannot be had."""
    # asyncio takes a process that may open no file more for a machine without this kind of address.
    socket.socket().close()
    try:
        return await asyncio.get_running_loop().create_server(protocol, host, port, backlog=512)
    except UnicodeError:
        # The name service is not even asked for such a name.
        raise socket.gaierror(socket.EAI_NONAME, "it is not a host name") from None
