"""What is computed of an object on first use, and kept in it: properties, and functions from elsewhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")
Owner = TypeVar("Owner")
_MISSING: Any = object()


class lazy(Generic[T]):  # noqa: N801 - used as a decorator
    """A property that is computed once; functools' own takes a lock before Python 3.12, at twice the price."""

    def __init__(self, compute: Callable[..., T]) -> None:
        """Take the method."""
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, owner: None, kind: type) -> Self: ...
    @overload
    def __get__(self, owner: object, kind: type) -> T: ...
    def __get__(self, owner: object, kind: type) -> T | Self:
        if owner is None:
            return self
        value = self._compute(owner)
        # Bypasses a frozen dataclass; using __dict__ would give each object one more object to be collected.
        object.__setattr__(owner, self._name, value)
        return value


def kept(compute: Callable[[Owner], T]) -> Callable[[Owner], T]:
    """Compute a function once for each object, which it depends on alone; a failure is not kept."""
    # Functions of one name in two modules do not answer for each other.
    name = f"{compute.__module__}.{compute.__qualname__}"

    @wraps(compute)
    def give(owner: Owner) -> T:
        value: T = getattr(owner, name, _MISSING)
        if value is _MISSING:
            value = compute(owner)
            object.__setattr__(owner, name, value)
        return value

    return give
