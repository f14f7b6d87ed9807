"""What a function computes of an object, kept in the object."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")
Owner = TypeVar("Owner")
_MISSING: Any = object()


def kept(compute: Callable[[Owner], T]) -> Callable[[Owner], T]:
    """Compute a function once for each object, which it depends on alone; a failure is not kept."""
    # Functions of one name in two modules do not answer for each other.
    name = f"{compute.__module__}.{compute.__qualname__}"

    @wraps(compute)
    def give(owner: Owner) -> T:
        value: T = getattr(owner, name, _MISSING)
        if value is _MISSING:
            value = compute(owner)
            # Bypasses a frozen dataclass.
            object.__setattr__(owner, name, value)
        return value

    return give
