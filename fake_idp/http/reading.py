"""Reading from a socket into one small buffer: asyncio's own protocol takes 256 KiB of a peer that sends ahead."""

import asyncio

_SIZE = 16 * 1024


class ReadingProtocol(asyncio.BufferedProtocol):
    """A protocol that gets received data as bytes, at most one buffer at a time."""

    _buffer: memoryview | None = None

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
