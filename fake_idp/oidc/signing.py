"""Signatures that somebody else makes: a generator yields the work, and is sent the signature."""

from collections.abc import Callable, Generator
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")

Work: TypeAlias = Callable[[], bytes]
# Any: bytes, and None at first.
Signing: TypeAlias = Generator[Work, Any, T]


def sign_here(steps: Signing[T]) -> T:
    """Make the signatures in this thread, and give what the generator returns."""
    signature: bytes | None = None
    try:
        while True:
            signature = steps.send(signature)()
    except StopIteration as end:
        made: T = end.value
        return made
