"""The error for a configuration that cannot be used."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from blastiq_conformance.config.place import line_of
from blastiq_conformance.schemas import Mismatch, Place, faults, shipped_schema
from fake_idp.wire import Json


class ConfigError(Exception):
    """The configuration cannot be used (exit code 2): the text names file, line, table and key, and what was expected.

    `where` tells people the place, `place` tells programs.
    """

    def __init__(self, what: str, place: Place = (), where: str = "") -> None:
        """Put place and error into one line."""
        super().__init__(f"{where}: {what}" if where else what)
        self.what, self.place = what, place

    def found_in(self, file: Path, text: str) -> "ConfigError":
        """Give the same with the file, and the line in its text."""
        line = line_of(text, self.place)
        told = (str(file), f"line {line}" if line else "", *_steps(self.place))
        return ConfigError(self.what, self.place, ", ".join(filter(None, told)))


def near(wanted: str, known: Iterable[str]) -> str:
    """Give a did-you-mean, in whatever case it was written; empty if nothing is near."""
    spellings = (wanted, wanted.upper(), wanted.lower())
    found = next(filter(None, (get_close_matches(each, [*known], 1) for each in spellings)), None)
    return f"; did you mean {found[0]!r}?" if found else ""


def unknown(kind: Literal["rule", "scenario"], name: str, known: Iterable[str]) -> str:
    """Say that there is no rule or scenario of this name."""
    return f"there is no {kind} {name!r}; `blastiq {kind}s` lists them all{near(name, known)}"


def instead(wrong: Mismatch) -> str:
    """Give what may have been meant by a member that is not known, or all that are."""
    return near(str(wrong.place[-1]), wrong.expected.split(", ")) or f"; known are {wrong.expected}"


def demand_shape(value: Json, schema: str, place: Place = ()) -> None:
    """Raise ConfigError for the first thing in which a value does not meet a shipped schema."""
    for wrong in faults(value, shipped_schema(schema), place):
        raise ConfigError(_explain(wrong), wrong.place)


def _explain(wrong: Mismatch) -> str:
    match wrong.kind:
        case "missing":
            return wrong.expected or "it is missing, and there is no default for it"
        case "unknown":
            return f"there is no such key{instead(wrong)}"
        case _:
            return f"expected {wrong.expected}; found {wrong.found}"


def _steps(place: Place) -> Iterator[str]:
    """Name the tables as TOML heads them, those of an array by their number, and the key."""
    while place and isinstance(place[-1], int):
        place = place[:-1]
    names: list[str] = []
    told = 0
    for step in place[:-1]:
        if isinstance(step, int):
            told = len(names)
            yield f"[[{'.'.join(names)}]] {step + 1}"
        else:
            names.append(step)
    if names[told:]:
        yield f"[{'.'.join(names)}]"
    if place:
        yield f"key {place[-1]!r}"
