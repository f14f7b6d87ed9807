"""Readers for the kinds of values: each gives the value, or raises Unexpected with what it expected."""

import re
from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from fake_idp.oidc.origin import parse_origin

E = TypeVar("E", bound=StrEnum)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_VARIABLE = re.compile(r"[^=\0]+")
# As certificates name them; other letters are written as xn--.
_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_DAY_LONG = 86_400
_MOST = 1_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Unexpected(Exception):  # noqa: N818 - it becomes a ConfigError once it is known where
    """A value of another kind; the text says what was expected."""


def text(value: object) -> str:
    """Read a non-empty text without NUL, which no argument and no variable can hold."""
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise Unexpected("a text that is not empty")
    return value


def name(value: object) -> str:
    """Read a name that can stand in the id of a test."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise Unexpected("a name of letters, digits, dots, hyphens and underscores")
    return value


def words(value: object) -> tuple[str, ...]:
    """Read a list of texts, such as arguments; some may be empty."""
    if not isinstance(value, list) or not all(isinstance(word, str) and "\0" not in word for word in value):
        raise Unexpected('a list of texts, such as ["one", "two"]')
    return tuple(value)


def command(value: object) -> tuple[str, ...]:
    """Read a command: the program and its arguments, each a text of its own."""
    if not isinstance(value, list) or not value or not all(isinstance(w, str) and "\0" not in w for w in value):
        raise Unexpected('a list of the program and its arguments, such as ["node", "app.js"]; no shell reads it')
    if not value[0]:
        raise Unexpected("the name of a program first, not an empty text")
    return tuple(value)


def variables(value: object) -> dict[str, str]:
    """Read environment variables: names and texts."""
    if not isinstance(value, dict) or not all(
        _VARIABLE.fullmatch(key) and isinstance(given, str) and "\0" not in given for key, given in value.items()
    ):
        raise Unexpected('a table of names and texts, such as { MYAPP_USER = "{username}" }; numbers go in quotes')
    return dict(value)


def switch(value: object) -> tuple[str, ...] | dict[str, str]:
    """Read a debug switch: arguments that are appended, or variables."""
    if not isinstance(value, list | dict):
        raise Unexpected('arguments such as ["--debug"], or variables such as { LOG_LEVEL = "debug" }')
    return words(value) if isinstance(value, list) else variables(value)


def hosts(value: object) -> tuple[str, ...]:
    """Read a list of host names."""
    if not isinstance(value, list) or not all(isinstance(host, str) and _HOST.fullmatch(host) for host in value):
        raise Unexpected('a list of host names without scheme and port, such as ["www.blastiq.com"]')
    return tuple(value)


def seconds(value: object) -> float:
    """Read a time in seconds."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _DAY_LONG:
        raise Unexpected(f"a number of seconds above 0, at most {_DAY_LONG} (a day)")
    return float(value)


def count(value: object) -> int:
    """Read a number of things."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST:
        raise Unexpected(f"a whole number from 1 to {_MOST}")
    return value


def statuses(value: object) -> tuple[int, ...]:
    """Read a list of HTTP statuses of failures."""
    if not isinstance(value, list) or not all(type(status) is int and 300 <= status <= 599 for status in value):
        raise Unexpected("a list of HTTP statuses from 300 to 599, such as [403]")
    return tuple(value)


def limits(value: object) -> tuple[tuple[int, int], ...]:
    """Read a list of limits: so many calls in so many seconds."""
    pairs = [each for each in value if isinstance(each, list) and len(each) == 2] if isinstance(value, list) else []
    if pairs != value or not all(type(number) is int and number > 0 for pair in pairs for number in pair):
        raise Unexpected("a list of pairs, so many calls in so many seconds, such as [[20, 10]]; [] for no limit")
    return tuple((calls, span) for calls, span in pairs)


def origins(value: object) -> tuple[str, ...]:
    """Read a list of origins of pages."""
    try:
        return tuple(parse_origin(origin) for origin in words(value))
    except ValueError:
        raise Unexpected('a list of origins, such as ["https://app.example"]') from None


def flag(value: object) -> bool:
    """Read a boolean."""
    if not isinstance(value, bool):
        raise Unexpected("true or false")
    return value


def path(value: object) -> str:
    """Read a path of a URL."""
    if not isinstance(value, str) or not value.startswith("/"):
        raise Unexpected('a path that begins with a slash, such as "/api/IsReady"')
    return value


def day(value: object) -> date:
    """Read a date, bare or quoted."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise Unexpected("a date such as 2027-01-31")


def choice(kind: type[E]) -> Callable[[object], E]:
    """Give a reader for one of a few words."""

    def read(value: object) -> E:
        if value not in [*kind]:
            raise Unexpected("one of " + ", ".join(f'"{word}"' for word in kind))
        return kind(str(value))

    return read
