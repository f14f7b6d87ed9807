"""A property that is computed on first use and kept."""

from collections.abc import Callable
from typing import Generic, Self, TypeVar, overload

T = TypeVar("T")


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
