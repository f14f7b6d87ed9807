"""TLS in front of a connection, by hand: asyncio's own leaves no trace of a handshake that the client aborts."""

import asyncio
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from fake_idp.http.connection import HttpConnection
from fake_idp.http.far_end import unread
from fake_idp.http.hello import server_name
from fake_idp.http.port import Port, named
from fake_idp.http.reading import ReadingProtocol

# A context, or a function that gives the one for the next connection.
Tls = ssl.SSLContext | Callable[[], ssl.SSLContext]

_READ_SIZE = 64 * 1024
# The fatal alert unrecognized_name (RFC 8446 6, RFC 6066 3) in a record of its own.
_UNRECOGNIZED_NAME = b"\x15\x03\x03\x00\x02\x02\x70"


class TlsTransport:
    """The transport of the connection inside TLS; for everything but writing and closing, the socket's own."""

    def __init__(self, raw: asyncio.Transport, tls: ssl.SSLObject, outgoing: ssl.MemoryBIO) -> None:
        """Encrypt for that socket."""
        self._raw, self._tls, self._outgoing = raw, tls, outgoing

    def __getattr__(self, name: str) -> object:
        return getattr(self._raw, name)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Encrypt and send."""
        if data and not self._raw.is_closing():
            self._tls.write(data)
            self.flush()

    def flush(self) -> None:
        """Send what TLS has ready."""
        if self._outgoing.pending and not self._raw.is_closing():
            self._raw.write(self._outgoing.read())

    def close(self) -> None:
        """Send close_notify, then close without waiting for the peer's."""
        if not self._raw.is_closing():
            with suppress(ssl.SSLError):
                self._tls.unwrap()
            self.flush()
        self._raw.close()

    def can_write_eof(self) -> bool:
        """TLS ends both sides at once."""
        return False


class TlsConnection(ReadingProtocol):
    """Does the handshake, records a failed one, and then carries an HttpConnection."""

    _left = "closed by the fake during the TLS handshake"

    def __init__(self, port: Port, tls: Tls) -> None:
        """Serve a connection of that port with the context's certificate."""
        context = tls if isinstance(tls, ssl.SSLContext) else tls()
        self._port = port
        self._incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._outgoing = outgoing
        self._tls = context.wrap_bio(self._incoming, outgoing, server_side=True)
        self._carried: HttpConnection | None = None
        self._received = b""
        self._server_name: str | None = None
        port.open.add(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the hello."""
        super().connection_made(transport)
        self._inside = TlsTransport(self._transport, self._tls, self._outgoing)
        self._started = self._port.idp.clock.monotonic()
        self._watch = self._port.loop.call_later(self._port.limits.unfinished, self.leave, "TLS handshake unfinished")
        self._client = named(transport, self._port.identify)

    def data_received(self, data: bytes) -> None:
        """Process bytes of the handshake, or of the carried connection."""
        self._incoming.write(data)
        carried = self._carried or self._shake_hands(data)
        if carried is None:
            return
        try:
            while plain := self._tls.read(_READ_SIZE):
                carried.data_received(plain)
                if self._transport.is_closing():
                    return
            # The peer's close_notify ends both sides, unless an answer is on its way.
            if not carried.eof_received():
                self._inside.close()
        except ssl.SSLWantReadError:
            self._inside.flush()
        except ssl.SSLError:
            self._transport.abort()

    def _shake_hands(self, data: bytes) -> HttpConnection | None:
        self._received += data
        self._server_name = server_name(self._received)
        if self._server_name is not None and not self._server_name.isascii():
            # Python's ssl cannot read it, and reports that on standard error instead of to its caller.
            self._ending = "TLS handshake failed: the server name is not ASCII"
            self._transport.write(_UNRECOGNIZED_NAME)
            self._transport.close()
            return None
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return None
        except ssl.SSLError as error:
            self._ending = f"TLS handshake failed: {error.reason or 'unknown'}"
            self._inside.flush()  # the alert that tells the client why
            self._transport.close()
            return None
        finally:
            self._inside.flush()
        self._watch.cancel()
        self._carried = HttpConnection(self._port, self._server_name, self._client)
        self._port.open.discard(self)
        self._carried.connection_made(cast("asyncio.Transport", self._inside))
        return self._carried

    def eof_received(self) -> bool:
        """Pass on that the peer has ended its side; it may still listen."""
        self._ending = self._ending or "closed by peer during the TLS handshake"
        return self._carried is not None and self._carried.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass it on, or record that there was no handshake."""
        if self._carried is not None:
            self._carried.lose(exc, self._decrypted(unread(self._transport)))
            return
        self._watch.cancel()
        try:
            self._port.record(
                started=self._started,
                received=self._received,
                ending=self._ending or "reset during the TLS handshake",
                server_name=self._server_name,
            )
        finally:
            self._port.open.discard(self)

    def _decrypted(self, data: bytes) -> bytes:
        self._incoming.write(data)
        plain = bytearray()
        with suppress(ssl.SSLError):
            while piece := self._tls.read(_READ_SIZE):
                plain += piece
        return bytes(plain)

    def pause_writing(self) -> None:
        """Pass it on."""
        if self._carried is not None:
            self._carried.pause_writing()

    def resume_writing(self) -> None:
        """Pass it on."""
        if self._carried is not None:
            self._carried.resume_writing()
