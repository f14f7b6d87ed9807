"""What comes out of a package: a file in it, or the reason why it cannot be had."""

from dataclasses import dataclass
from typing import Protocol


class Readable(Protocol):
    """All that is asked of a stream here."""

    def read(self, size: int, /) -> bytes:
        """Read at most so much; nothing at the end."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a package: `packed` is how many bytes it takes there."""

    name: str
    stream: Readable
    packed: int


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be looked through, and why: nothing is known of it."""

    path: str
    reason: str
