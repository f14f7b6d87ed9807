"""What comes out of a package: a file in it, or the reason why it cannot be read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


class Member(NamedTuple):
    """A file in a package: `read` gives at most so many bytes, nothing at the end; there it takes `packed` bytes."""

    name: str
    read: Callable[[int], bytes]
    packed: int


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be searched, and why."""

    path: str
    reason: str
