"""The line of a TOML text in which a value is: tomllib keeps no places, but can also read the beginning of a file."""

import tomllib
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
    # After `absent` lines it is not there, after `present` it is; from `limit` up to there no beginning can be read.
    absent, present, limit = 0, len(lines), len(lines)
    while limit - absent > 1:
        middle = (absent + limit) // 2
        readable = (
            (count, found) for count in range(middle, limit) if (found := _hold(lines[:count], place)) is not None
        )
        count, found = next(readable, (present, True))
        if found:
            present, limit = count, middle
        else:
            absent = count
    return present


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
