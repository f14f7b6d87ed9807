"""Fakes on real sockets: one thread and one loop, a port for each fake, which answers at once and closes cleanly."""

import asyncio
import threading
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import Self

from fake_idp.classify import WELL_KNOWN
from fake_idp.core import FakeIdp
from fake_idp.http.connection import HttpConnection
from fake_idp.http.lag import Lag
from fake_idp.http.loop_thread import Listening, LoopThread, listen
from fake_idp.http.port import Identify, Limits, Port, Route
from fake_idp.http.signers import Signers
from fake_idp.http.tls import Tls, TlsConnection


class Listener(Listening):
    """One fake on one port; close it alone, or with its server."""

    def __init__(self, server: "Server", thread: LoopThread, sockets: asyncio.Server, shared: Port, host: str) -> None:
        """Describe a port that listens already."""
        super().__init__(thread, sockets, shared.open)
        self._server, self.idp = server, shared.idp
        self.origin = f"{shared.scheme}://{_as_called(host)}:{self.port}"

    @property
    def authority(self) -> str:
        """The address that a client is given; discovery is below it."""
        return self.origin + self.idp.endpoints.base

    @property
    def discovery_url(self) -> str:
        """Where the discovery document is."""
        return self.authority + WELL_KNOWN

    @property
    def token_url(self) -> str:
        """Where tokens are issued."""
        return self.origin + self.idp.endpoints.token

    @property
    def api_url(self) -> str:
        """The address to GET with a bearer token; any path below it answers too."""
        return self.origin + self.idp.endpoints.api

    def close(self) -> None:
        """Close the port and its connections; requests under way are recorded. A second time does nothing."""
        if self._server.forget(self):
            super().close()
            self.idp.ports.discard(self.port)


class Server:
    """Runs any number of fakes; a context manager. Its thread starts with the first fake."""

    def __init__(self, *, host: str = "127.0.0.1", uvloop: bool = True, limits: Limits | None = None) -> None:
        """Prepare for that address; `uvloop` is used if it is installed."""
        self._host, self._uvloop, self._limits = host, uvloop, limits or Limits()
        self._lock = threading.Lock()
        self._started: tuple[LoopThread, Signers, Lag] | None = None
        self._listeners: set[Listener] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def serve(
        self,
        idp: FakeIdp,
        *,
        port: int = 0,
        tls: Tls | None = None,
        routes: Mapping[str, Route] | None = None,
        identify: Identify | None = None,
    ) -> Listener:
        """Answer for a fake on a port, 0 for any free one; it answers when this returns.

        Routes are control and never journaled: an exact path, one with its method before it (`GET /`, which takes HEAD
        too), or one that ends in `/*` for what is below it.
        `identify` names the client behind a connection; it is called on the loop as soon as the connection is accepted.

        Raises:
            OSError: the address or port cannot be had.
        """
        thread, signers, _ = self._start()
        shared = Port(
            idp=idp,
            loop=thread.loop,
            signers=signers,
            routes=routes or {},
            limits=self._limits,
            scheme="https" if tls else "http",
            identify=identify,
        )
        factory = partial(TlsConnection, shared, tls) if tls else partial(HttpConnection, shared)
        # The name has two addresses, and with port 0 each would get a number of its own.
        host = "127.0.0.1" if self._host == "localhost" else self._host

        async def open_port() -> Listener:
            listener = Listener(self, thread, await listen(factory, host, port), shared, self._host)
            # Before the first connection is accepted.
            idp.ports.add(listener.port)
            return listener

        listener = thread.run(open_port())
        with self._lock:
            self._listeners.add(listener)
        return listener

    def held_up(self, since: float) -> float:
        """Give for how many seconds on end it answered nobody, at the most, since this monotonic time."""
        with self._lock:
            return self._started[2].since(since) if self._started else 0.0

    def forget(self, listener: Listener) -> bool:
        """Forget a port that is being closed; false if it is not known any more."""
        with self._lock:
            known = listener in self._listeners
            self._listeners.discard(listener)
            return known

    def close(self) -> None:
        """Close every port and leave no thread, socket or file; the server may be used again."""
        for listener in tuple(self._listeners):
            listener.close()
        with self._lock:
            started, self._started = self._started, None
        if started is not None:
            thread, signers, _ = started
            thread.run(thread.loop.shutdown_default_executor())
            # Before the loop, which the signing thread calls.
            signers.close()
            thread.close()

    def _start(self) -> tuple[LoopThread, Signers, Lag]:
        with self._lock:
            if self._started is None:
                loop = _new_loop(uvloop=self._uvloop)
                signers = Signers(loop)
                lag = Lag(loop, signers)
                self._started = LoopThread("fake-idp", loop), signers, lag
                loop.call_soon_threadsafe(lag.begin)
            return self._started


def _new_loop(*, uvloop: bool) -> asyncio.AbstractEventLoop:
    if uvloop:
        try:
            loop: asyncio.AbstractEventLoop = import_module("uvloop").new_event_loop()
        except ModuleNotFoundError:
            pass
        else:
            return loop
    return asyncio.new_event_loop()


def _as_called(host: str) -> str:
    # A client cannot call "every address".
    if host in {"", "0.0.0.0"}:  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host
