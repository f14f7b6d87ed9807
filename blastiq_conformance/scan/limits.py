"""How deep and how far a package is unpacked, so that none can exhaust memory or time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

MEBIBYTE = 1 << 20
# Gives at most so many bytes, nothing at the end.
Read: TypeAlias = Callable[[int], bytes]


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
