"""One table of the configuration: its keys are read one by one, and each error names file, table and key."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from blastiq_conformance.config.place import Place, line_of
from blastiq_conformance.config.values import Unexpected

T = TypeVar("T")
_LONGEST = 60


class ConfigError(Exception):
    """The configuration cannot be used (exit code 2): the text names file, line, table and key, and what was expected.

    `where` tells people the place, `place` tells programs.
    """

    def __init__(self, what: str, *, where: str = "", place: Place = ()) -> None:
        """Put place and error into one line."""
        super().__init__(f"{where}: {what}" if where else what)
        self.what, self.where, self.place = what, where, place

    def found_in(self, file: Path, text: str) -> "ConfigError":
        """Give the same with the file, and the line in its text."""
        line = line_of(text, self.place)
        told = (str(file), f"line {line}" if line else "", self.where)
        return ConfigError(self.what, where=", ".join(part for part in told if part), place=self.place)


def near(wanted: str, known: Sequence[str]) -> str:
    """Give a did-you-mean, empty where nothing is near."""
    found = get_close_matches(wanted, known, 1)
    return f"; did you mean {found[0]!r}?" if found else ""


class Table:
    """The values of one table; raises ConfigError at once for a key that is not `known`."""

    def __init__(self, values: object, where: str, known: Sequence[str], place: Place = ()) -> None:
        """Check that it is a table, and its keys; `where` tells people the place, `place` tells programs."""
        self.where, self.place = where, place
        if not isinstance(values, dict):
            raise ConfigError(f"expected a table, found {_found(values)}", where=where, place=place)
        self._values: Mapping[str, object] = values
        for key in values:
            if key not in known:
                hint = near(key, known) or f"; known are {', '.join(known)}"
                raise self.fault(key, f"there is no such key{hint}")

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def take(self, key: str, read: Callable[[object], T], default: T) -> T:
        """Read one key, `default` where it is not there."""
        return self.need(key, read) if key in self._values else default

    def need(self, key: str, read: Callable[[object], T]) -> T:
        """Read one key that must be there."""
        if key not in self._values:
            raise self.fault(key, "it is missing, and there is no default for it")
        try:
            return read(self._values[key])
        except Unexpected as error:
            raise self.fault(key, f"expected {error}; found {_found(self._values[key])}") from None

    def tables(self, key: str) -> Sequence[object]:
        """Give the tables of an array of tables, none where it is not there."""
        found = self._values.get(key, [])
        if not isinstance(found, list):
            raise self.fault(key, f"expected tables, each headed [[…{key}]]; found {_found(found)}")
        return found

    def fault(self, key: str, what: str, *inside: str | int) -> ConfigError:
        """Make the error for a key, or for what is `inside` it."""
        where = ", ".join(part for part in (self.where, f"key {key!r}") if part)
        return ConfigError(what, where=where, place=(*self.place, key, *inside))


def _found(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f"the text {value[:_LONGEST]!r}"
        case list():
            return f"a list of {len(value)}" + (f": {_text(value)}" if value else "")
        case dict():
            return f"a table of {', '.join(map(str, value)) or 'nothing'}"[:_LONGEST]
        case _:
            return _text(value)


def _text(value: object) -> str:
    try:
        return str(value)[:_LONGEST]
    except ValueError:  # Python writes no integer of more than 4,300 digits, though it reads one in hexadecimal
        return "an integer of thousands of digits"
