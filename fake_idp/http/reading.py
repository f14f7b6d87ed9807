"""Reading from a socket into one small buffer: asyncio's own protocol takes 256 KiB of a peer that sends ahead."""

import asyncio
from typing import cast

_SIZE = 16 * 1024


class ReadingProtocol(asyncio.BufferedProtocol):
    """A connection that gets received data as bytes, at most one buffer at a time, and that its port can end."""

    _buffer: memoryview | None = None
    _transport: asyncio.Transport
    _made = False
    _ending = ""  # how it ended, as soon as that is known
    _left = "closed by the fake"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport, self._made = cast("asyncio.Transport", transport), True

    def leave(self, why: str = "") -> None:
        """End at once, because the port closes or for another reason; the port asks again until it has ended."""
        self._ending = self._ending or why or self._left
        if self._made:
            self._transport.abort()

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's signature
        """Lend the buffer to one read."""
        # One for each connection: with IOCP, the reads of all connections are under way at once.
        if self._buffer is None:
            self._buffer = memoryview(bytearray(_SIZE))
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Pass on what has been read."""
        self.data_received(bytes(self.get_buffer(nbytes)[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """Process received data."""
        raise NotImplementedError
