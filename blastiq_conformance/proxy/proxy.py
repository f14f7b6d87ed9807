"""The proxy: a port on loopback for each fake, all on one thread; it connects to that fake and to nothing else."""

import asyncio
from functools import partial
from typing import Self

from blastiq_conformance.proxy.gate import ClientSide, Gate
from fake_idp.http.loop_thread import Listening, LoopThread, listen


class Proxy:
    """Runs any number of ports; a context manager."""

    def __init__(self) -> None:
        """Start its thread."""
        self._thread = LoopThread("blastiq-proxy", asyncio.new_event_loop())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._thread.close()

    def open(self, gate: Gate) -> Listening:
        """Open a port that leads there; raises OSError if there is none to be had."""
        sockets = self._thread.run(listen(partial(ClientSide, gate), "127.0.0.1", 0))
        return Listening(self._thread, sockets, gate.open)
