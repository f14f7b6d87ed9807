"""Bytes that a peer has sent ahead of its turn: they wait here, in order, and are taken out in portions."""

# Each request hands back what follows it in its portion, which is copied, so portions are small.
_PORTION = 8 * 1024


class Ahead:
    """Bytes from which no request has been read yet; falsy if there are none."""

    def __init__(self, enough: int) -> None:
        """Start empty; with more than `enough` bytes it is full, but still accepts more."""
        self._enough = enough
        self._rest = b""
        self._later = bytearray()

    def add(self, data: bytes) -> None:
        """Append received bytes."""
        self._later += data

    def put_back(self, rest: bytes) -> None:
        """Put back, in front of everything else, the rest of the bytes that were taken last."""
        if len(rest) <= _PORTION:
            self._rest = rest + self._rest
        else:
            self._later[:0] = rest + self._rest
            self._rest = b""

    def take(self) -> bytes:
        """Give the next portion; empty if nothing waits."""
        portion = self._rest
        self._rest = b""
        if not portion:
            portion = bytes(self._later[:_PORTION])
            del self._later[:_PORTION]
        return portion

    @property
    def full(self) -> bool:
        """Whether reading from the peer should pause."""
        return len(self) > self._enough

    def __len__(self) -> int:
        return len(self._rest) + len(self._later)
