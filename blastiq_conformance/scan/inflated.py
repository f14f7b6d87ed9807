"""A stream that counts what is read from it, and only goes forwards, which is enough for tarfile."""

import io

from blastiq_conformance.scan.limits import MEBIBYTE, Limits, Read, TooLargeError


class Inflated(io.RawIOBase):
    """What comes out of `packed` bytes; raises TooLargeError if that is too much."""

    def __init__(self, source: Read, packed: int, limits: Limits) -> None:
        """Start at the beginning."""
        self._source = source
        self._limits = limits
        self._most = min(limits.total, limits.free + limits.ratio * packed)
        self._at = 0

    def tell(self) -> int:
        """Give how much was read or skipped."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Skip to a place further on."""
        if whence != io.SEEK_SET or offset < self._at:
            raise io.UnsupportedOperation("it is read forwards only")
        while self._at < offset and self.read(min(MEBIBYTE, offset - self._at)):
            pass
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """Read so many bytes, no more than any file may have."""
        longest = max(MEBIBYTE, self._limits.member)
        if not 0 <= size <= longest:
            raise TooLargeError(f"one of its headers claims more than {longest} bytes")
        data = self._source(size)
        self._at += len(data)
        if self._at > self._most:
            raise TooLargeError(f"it swells to more than {self._limits.ratio} times its size")
        return data
