"""The line of a TOML text in which a value is: tomllib keeps no places, but can also read the beginning of a file."""

import tomllib
from bisect import bisect_left
from collections.abc import Sequence

from blastiq_conformance.schemas import Place

# What may be open at the end of a line: arrays, inline tables, texts of several lines.
_CLOSERS = ("", "\n]", "\n]]", "\n}", "\n}]", '"""', "'''", '"""\n]', "'''\n]")


def line_of(text: str, place: Place) -> int | None:
    """Give the line, counted from 1, in which a value or its nearest parent begins; None at the top.

    `text` is valid TOML.
    """
    # At line feeds only, as TOML does.
    lines = text.split("\n")
    while place and not _hold(lines, place):
        place = place[:-1]
    if not place:
        return None

    def held(count: int) -> bool:
        # Where so many lines end deep within a value, those before it tell.
        while (found := _hold(lines[:count], place)) is None:
            count -= 1
        return found

    return bisect_left(range(len(lines)), True, key=held)


def _hold(lines: Sequence[str], place: Place) -> bool | None:
    """Whether the first lines of a text have a value at this place; None where they end deep within a value."""
    for closer in _CLOSERS:
        try:
            value: object = tomllib.loads("\n".join([*lines, closer]))
        except tomllib.TOMLDecodeError:
            continue
        return _is_in(value, place)
    return None


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
