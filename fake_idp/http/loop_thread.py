"""An asyncio loop on a thread of its own, with the thread that signs for it, and ports that it listens on."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine
from functools import cached_property
from typing import TypeVar

from fake_idp.http.lag import Lag
from fake_idp.http.signers import Signers
from fake_idp.system.fault_trace import log

T = TypeVar("T")


class LoopThread:
    """Runs a loop until it is closed."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the thread."""
        self.loop, self.signers = loop, Signers(loop)
        loop.set_exception_handler(log)
        self._thread = threading.Thread(target=loop.run_forever, name="fake-idp", daemon=True)
        self._thread.start()

    @cached_property
    def lag(self) -> Lag:
        """How late it is, measured from now on."""
        lag = Lag(self.loop, self.signers)
        self.loop.call_soon_threadsafe(lag.begin)
        return lag

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Run something on the loop and give its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def close(self) -> None:
        """End the threads and close the loop."""
        self.run(self.loop.shutdown_default_executor())
        # Before the loop, which the signing thread calls.
        self.signers.close()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


async def listen(protocol: Callable[[], asyncio.BaseProtocol], host: str, port: int) -> asyncio.Server:
    """Listen, and answer by such a protocol; raises OSError if the address or port cannot be had."""
    # asyncio takes a process that may open no file more for a machine without this kind of address.
    socket.socket().close()
    try:
        return await asyncio.get_running_loop().create_server(protocol, host, port, backlog=512)
    except UnicodeError:
        # The name service is not even asked for such a name.
        raise socket.gaierror(socket.EAI_NONAME, "it is not a host name") from None
