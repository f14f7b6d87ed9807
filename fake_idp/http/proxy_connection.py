"""A port that is a proxy: a tunnel (CONNECT) to any host, or plain HTTP for any, ends at the fake behind the port."""

import asyncio
from dataclasses import replace

from fake_idp.http.connection import HttpConnection
from fake_idp.http.port import Port, named
from fake_idp.http.reading import ReadingProtocol
from fake_idp.http.tls import Tls, TlsConnection

_CONNECT = b"CONNECT "
_END_OF_HEAD = b"\r\n\r\n"
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_PLAIN_PORT = b"80"


class ProxyConnection(ReadingProtocol):
    """Finds out where a client wants to go, and hands its connection over to what serves it there."""

    def __init__(self, port: Port, tls: Tls) -> None:
        """Serve a connection of that port; its tunnels end at TLS, or at plain HTTP if they lead to port 80."""
        self._port, self._tls = port, tls
        self._first = b""
        port.open.add(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Name the client at once, for it may be gone later; it has a limited time to say where it wants to go."""
        super().connection_made(transport)
        name = named(transport, self._port.identify)
        self._inner = replace(self._port, identify=lambda *_: name)
        self._watch = self._port.loop.call_later(self._port.limits.head_seconds, self._transport.abort)

    def data_received(self, data: bytes) -> None:
        """Wait for the whole head of a CONNECT, or for anything else."""
        self._first += data
        if not _CONNECT.startswith(self._first[: len(_CONNECT)]):
            # It may not even be HTTP: the journal keeps what it was.
            self._hand_over(self._first, over_tls=False)
            return
        head, end, rest = self._first.partition(_END_OF_HEAD)
        if end:
            self._transport.write(_ESTABLISHED)
            self._hand_over(rest, over_tls=head.split(b" ", 2)[1].rpartition(b":")[2] != _PLAIN_PORT)
        elif len(self._first) > self._port.limits.head:
            self._transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Record nothing: the client has not said what it wants."""
        self._end()

    def _hand_over(self, first: bytes, *, over_tls: bool) -> None:
        plain = replace(self._inner, scheme="http")
        serving = TlsConnection(self._inner, self._tls) if over_tls else HttpConnection(plain)
        self._end()
        self._transport.set_protocol(serving)
        serving.connection_made(self._transport)
        if first:
            serving.data_received(first)

    def _end(self) -> None:
        self._watch.cancel()
        self._port.open.discard(self)
