"""The proxy: a port on loopback for each fake, all on one thread; it connects to that fake and to nothing else."""

import asyncio
from functools import partial
from typing import Self

from blastiq_conformance.proxy.gate import ClientSide, Gate
from blastiq_conformance.proxy.passage import Passage
from fake_idp.http.listening import listen, stop_accepting
from fake_idp.http.loop_thread import LoopThread


class Opening:
    """One proxy port; close it alone, or with its proxy."""

    def __init__(self, thread: LoopThread, listening: asyncio.Server, gate: Gate) -> None:
        """Describe a port that listens already."""
        self._thread, self._listening, self._gate = thread, listening, gate
        self.port: int = listening.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Close the port and its connections."""
        self._thread.run(self._end())

    async def _end(self) -> None:
        await stop_accepting(self._listening)
        while self._gate.open:
            for side in tuple(self._gate.open):
                side.leave()
            await asyncio.sleep(0)
        await self._listening.wait_closed()


class Proxy:
    """Runs any number of openings; a context manager."""

    def __init__(self) -> None:
        """Start its thread."""
        self._thread = LoopThread("blastiq-proxy", asyncio.new_event_loop())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._thread.close()

    def open(self, *, secure: int, plain: int, passage: Passage | None = None) -> Opening:
        """Lead a new port to a fake: tunnels to its TLS port, everything else to its plain one.

        `passage` learns who connects, for the fake to ask.

        Raises:
            OSError: the address or port cannot be had.
        """
        gate = Gate(secure=secure, plain=plain, loop=self._thread.loop, passage=passage)
        return Opening(self._thread, self._thread.run(listen(partial(ClientSide, gate), "127.0.0.1", 0)), gate)
