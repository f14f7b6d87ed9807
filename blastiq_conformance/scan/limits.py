"""How deep and how far a package is unpacked, so that none can exhaust memory or time."""

from dataclasses import dataclass

from blastiq_conformance.scan.member import Member

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Depth of nested packages; bytes of one member, and of everything from one file; how far it may expand."""

    depth: int = 5
    member: int = 128 * MEBIBYTE
    total: int = 4096 * MEBIBYTE
    members: int = 200_000
    directory: int = 16 * MEBIBYTE  # of a package; it is read whole
    ratio: int = 200
    free: int = 16 * MEBIBYTE  # the ratio applies only beyond this
    piece: int = 32 * MEBIBYTE  # a larger file is searched in pieces


class TooLargeError(Exception):
    """A member that is too large; the text says in what way."""


class SpentError(Exception):
    """A file from which nothing more may come; the text says how much came."""


class Budget:
    """What may still come out of one file."""

    def __init__(self, limits: Limits) -> None:
        """Start with the whole budget."""
        self.limits = limits
        self._octets = limits.total
        self._members = limits.members

    def read(self, member: Member) -> bytes:
        """Read a member to its end; raises TooLargeError, or SpentError if nothing more may come."""
        self._members -= 1
        if self._members < 0:
            raise SpentError(f"it holds more than {self.limits.members} files")
        pieces: list[bytes] = []
        size = 0
        while piece := member.read(MEBIBYTE):
            size += len(piece)
            self._octets -= len(piece)
            if self._octets < 0:
                raise SpentError(f"more than {self.limits.total} bytes would come out of it")
            self.check(size, member.packed)
            if size > self.limits.member:
                raise TooLargeError(f"it is larger than {self.limits.member} bytes")
            pieces.append(piece)
        return b"".join(pieces)

    def check(self, so_far: int, packed: int) -> None:
        """Refuse a member that expands too far, from `packed` bytes to more; raises TooLargeError."""
        if so_far > min(self.limits.total, self.limits.free + self.limits.ratio * packed):
            raise TooLargeError(f"it swells to more than {self.limits.ratio} times its size")
