"""What comes out of a package: a file in it, or the reason why it cannot be read."""

from dataclasses import dataclass
from typing import Protocol


class Readable(Protocol):
    """The part of a stream that is used here."""

    def read(self, size: int, /) -> bytes:
        """Read at most so many bytes; nothing at the end."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a package: `packed` is how many bytes it takes there."""

    name: str
    stream: Readable
    packed: int


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be searched, and why."""

    path: str
    reason: str
