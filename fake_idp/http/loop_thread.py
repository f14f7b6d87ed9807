"""An asyncio loop on a thread of its own, for callers on other threads."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import TypeVar

from fake_idp.system.fault_trace import log

T = TypeVar("T")


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
