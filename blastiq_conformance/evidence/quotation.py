"""What a text of the kit quotes, kept apart from what the kit says itself."""

import re
from typing import Self

# Unicode keeps these for use within a program (noncharacters, chapter 23.7). One that was sent is replaced.
_OPEN, _CLOSE, _LOST = "\ufdd0", "\ufdd1", "\N{REPLACEMENT CHARACTER}"
_QUOTED = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")


def quote(*values: object) -> str:
    """Mark what was sent, printed or given, with a blank between values, in a text that becomes a `Text`."""
    text = " ".join(map(str, values)).replace(_OPEN, _LOST).replace(_CLOSE, _LOST)
    return f"{_OPEN}{text}{_CLOSE}"


def quote_authorization(header: str) -> str:
    """Mark scheme and credentials of an Authorization header: these are a secret as a whole."""
    scheme, blank, credentials = header.partition(" ")
    return f"{quote(scheme)}{blank}{quote(credentials)}"


class Text(str):
    """A text without the marks of `quote`, which knows what was marked."""

    __slots__ = ("marked",)
    marked: str

    def __new__(cls, marked: str) -> Self:
        """Take the marks off."""
        text = str.__new__(cls, marked.replace(_OPEN, "").replace(_CLOSE, ""))
        text.marked = marked
        return text

    @property
    def parts(self) -> tuple[str, ...]:
        """What the kit says and what it quotes, in turn."""
        return tuple(_QUOTED.split(self.marked))
