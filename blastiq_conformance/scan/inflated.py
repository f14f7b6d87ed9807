"""A stream that counts what is read from it, and only goes forwards, which is enough for tarfile."""

import io
from collections.abc import Callable

from blastiq_conformance.scan.limits import MEBIBYTE, Budget, TooLargeError


class Inflated(io.RawIOBase):
    """Counts what `source` gives, which takes `packed` bytes."""

    def __init__(self, source: Callable[[int], bytes], packed: int, budget: Budget) -> None:
        """Start at the beginning."""
        self._source = source
        self._packed = packed
        self._budget = budget
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
        """Read so many bytes; raises TooLargeError if that is more than any file may have."""
        most = max(MEBIBYTE, self._budget.limits.member)
        if not 0 <= size <= most:
            raise TooLargeError(f"one of its headers claims more than {most} bytes")
        data = self._source(size)
        self._at += len(data)
        self._budget.check(self._at, self._packed)
        return data
