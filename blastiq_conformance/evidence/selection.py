"""The subjects of a rule, most of which obviously break nothing and need no check."""

from collections.abc import Iterable
from typing import Self, TypeVar

S = TypeVar("S")


class Selection(tuple[S, ...]):  # noqa: SLOT001 - a tuple can have no slots of its own
    """The subjects that need a check, out of `checked` in all; a selector may give it in place of a plain sequence.

    A subject that rests on an edited exchange always needs one, because the rule may be unable to tell.
    """

    checked: int

    def __new__(cls, suspects: Iterable[S], *, checked: int) -> Self:
        """Take the suspects, and the number of all subjects."""
        self = super().__new__(cls, suspects)
        self.checked = checked
        return self
