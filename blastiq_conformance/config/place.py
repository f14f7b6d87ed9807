"""The line of a TOML text in which a value is: tomllib keeps no places, but can also read the beginning of a file."""

import tomllib

from blastiq_conformance.schemas.shape import Place

# What may be open at the end of a line: arrays, inline tables, texts of several lines.
_CLOSERS = ("", "\n]", "\n]]", "\n}", "\n}]", '"""', "'''", '"""\n]', "'''\n]")


def line_of(text: str, place: Place) -> int | None:
    """Give the line, counted from 1, in which a value or its nearest parent begins; None at the top.

    `text` is valid TOML.
    """
    lines = Lines(text)
    while place and not lines.hold(len(lines), place):
        place = place[:-1]
    return lines.first_with(place) if place else None


class Lines:
    """The lines of a valid TOML text, of which any number from the first on can be parsed."""

    def __init__(self, text: str) -> None:
        """Split at line feeds only, as TOML does."""
        self._lines = text.split("\n")

    def __len__(self) -> int:
        return len(self._lines)

    def hold(self, count: int, place: Place, closer: str = "") -> bool | None:
        """Whether this many lines have a value at this place; None where they end within a value."""
        try:
            value: object = tomllib.loads("\n".join([*self._lines[:count], closer]))
        except tomllib.TOMLDecodeError:
            return None
        return _is_in(value, place)

    def first_with(self, place: Place) -> int:
        """Give the line that brings a value of the whole text."""
        # After `absent` lines it is not there, after `present` it is; from `limit` on, all end within a value.
        absent, present, limit = 0, len(self), len(self)
        while limit - absent > 1:
            middle = (absent + limit) // 2
            whole = middle
            while whole < limit and (found := self.hold(whole, place)) is None:
                whole += 1
            if whole == limit:
                limit = middle
            elif found:
                present = limit = whole
            else:
                absent = whole
        between = range(absent + 1, present)
        return next((n for n in between if any(self.hold(n, place, closer) for closer in _CLOSERS)), present)


def _is_in(value: object, place: Place) -> bool:
    for step in place:
        match step, value:
            case int(), list() if step < len(value):
                value = value[step]
            case str(), dict() if step in value:
                value = value[step]
            case _:
                return False
    return True
