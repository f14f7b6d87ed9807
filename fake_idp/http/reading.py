"""How bytes are taken from a socket: into a buffer that stays, for asyncio makes a new one of 256 KiB for each read."""

import asyncio

_SIZE = 16 * 1024


class ReadingProtocol(asyncio.BufferedProtocol):
    """A protocol that is given what has come as bytes, at most a buffer of them at a time."""

    _buffer: memoryview | None = None

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's signature
        """Lend the buffer to one read."""
        # Each connection its own: where reads end when they are done (IOCP), those of all are under way at once.
        if self._buffer is None:
            self._buffer = memoryview(bytearray(_SIZE))
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Hand on what has been read."""
        self.data_received(bytes(self.get_buffer(nbytes)[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        raise NotImplementedError
