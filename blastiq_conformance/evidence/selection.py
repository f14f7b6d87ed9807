"""The subjects of a rule, most of which obviously break nothing and need no check."""

from collections.abc import Iterable, Sequence
from typing import TypeVar, overload

S = TypeVar("S")


class Selection(Sequence[S]):
    """The subjects that need a check, out of `checked` in all; a selector may give it in place of a plain sequence.

    A subject that rests on an edited exchange always needs one, because the rule may be unable to tell.
    """

    def __init__(self, suspects: Iterable[S], *, checked: int) -> None:
        """Take the suspects, and the number of all subjects."""
        self._suspects = tuple(suspects)
        self.checked = checked

    @overload
    def __getitem__(self, index: int) -> S: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[S]: ...
    def __getitem__(self, index: int | slice) -> S | Sequence[S]:
        return self._suspects[index]

    def __len__(self) -> int:
        return len(self._suspects)
