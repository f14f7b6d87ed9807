"""Fakes on real sockets: one thread and one loop, a port for each fake, which answers at once and closes cleanly."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import Self

from fake_idp.classify import WELL_KNOWN
from fake_idp.core import FakeIdp
from fake_idp.http.connection import HttpConnection
from fake_idp.http.lag import Lag
from fake_idp.http.loop_thread import LoopThread, listen
from fake_idp.http.port import Identify, Limits, Port, Route
from fake_idp.http.proxy_connection import ProxyConnection
from fake_idp.http.reading import ReadingProtocol
from fake_idp.http.tls import Tls, TlsConnection

# Seconds between two looks at connections that have not ended yet.
_TICK = 0.001


class Listener:
    """One fake on one port; close it alone, or with its server."""

    def __init__(self, server: "Server", thread: LoopThread, sockets: asyncio.Server, shared: Port, host: str) -> None:
        """Describe a port that listens already."""
        self._server, self._thread, self._sockets, self._connections = server, thread, sockets, shared.open
        self.idp, self.port = shared.idp, int(sockets.sockets[0].getsockname()[1])
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
            self._thread.run(self._end())
            self.idp.ports.discard(self.port)

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


class Server:
    """Runs any number of fakes; a context manager. Its thread starts with the first fake."""

    def __init__(self, *, host: str = "127.0.0.1", limits: Limits | None = None) -> None:
        """Prepare for that address; uvloop is used if it is installed."""
        self._host, self._limits = host, limits or Limits()
        self._lock = threading.Lock()
        self._started: LoopThread | None = None
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
        proxied: bool = False,
    ) -> Listener:
        """Answer for a fake on a port, 0 for any free one; it answers when this returns.

        Routes are control and never journaled: an exact path, one with its method before it (`GET /`, which takes HEAD
        too), or one that ends in `/*` for what is below it.
        `identify` names the client behind a connection; it is called on the loop as soon as the connection is accepted.
        `proxied`: the port is a proxy, whose tunnels end at TLS, and all else that is sent to it at plain HTTP.

        Raises:
            OSError: the address or port cannot be had.
        """
        thread = self._start()
        shared = Port(
            idp=idp,
            loop=thread.loop,
            signers=thread.signers,
            routes=routes or {},
            limits=self._limits,
            scheme="https" if tls else "http",
            identify=identify,
        )
        factory: Callable[[], ReadingProtocol] = partial(HttpConnection, shared)
        if tls:
            factory = partial(ProxyConnection if proxied else TlsConnection, shared, tls)
        # The name has two addresses, and with port 0 each would get a number of its own.
        host = "127.0.0.1" if self._host == "localhost" else self._host

        async def open_port() -> Listener:
            listener = Listener(self, thread, await listen(factory, host, port), shared, self._host)
            # Before the first connection is accepted. By the address of a proxy nobody calls the fake.
            if not proxied:
                idp.ports.add(listener.port)
            return listener

        listener = thread.run(open_port())
        with self._lock:
            self._listeners.add(listener)
        return listener

    @property
    def lag(self) -> Lag:
        """How late it is: for how many seconds on end it answered nobody, measured since this was first asked."""
        return self._start().lag

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
            started.close()

    def _start(self) -> LoopThread:
        with self._lock:
            if self._started is None:
                self._started = LoopThread(_new_loop())
            return self._started


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        loop: asyncio.AbstractEventLoop = import_module("uvloop").new_event_loop()
    except ModuleNotFoundError:
        return asyncio.new_event_loop()
    return loop


def _as_called(host: str) -> str:
    # A client cannot call "every address".
    if host in {"", "0.0.0.0"}:  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host
