"""What a peer has sent ahead of its turn: it waits here, in order, and is taken out in portions."""

# Each request hands back what follows it in its portion, and that is copied: so a portion is small.
_PORTION = 8 * 1024


class Ahead:
    """Bytes that no request has been read from yet; falsy where there are none."""

    def __init__(self, enough: int) -> None:
        """Hold nothing; with more than `enough` bytes it is full, and still takes what it is given."""
        self._enough = enough
        self._rest = b""
        self._later = bytearray()

    def add(self, data: bytes) -> None:
        """Append what has come."""
        self._later += data

    def put_back(self, rest: bytes) -> None:
        """Take back, in front of all else, what was left of the bytes that were read last."""
        if len(rest) <= _PORTION:
            self._rest = rest + self._rest
        else:
            self._later[:0] = rest + self._rest
            self._rest = b""

    def take(self) -> bytes:
        """Give the next portion; empty where nothing waits."""
        portion = self._rest
        self._rest = b""
        if not portion:
            portion = bytes(self._later[:_PORTION])
            del self._later[:_PORTION]
        return portion

    @property
    def full(self) -> bool:
        """Whether the peer should be read no further for now."""
        return len(self) > self._enough

    def __len__(self) -> int:
        return len(self._rest) + len(self._later)
