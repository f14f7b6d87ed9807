"""A fault as JSON, read strictly: an error says what is wrong and what would be right."""

import json
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any

from blastiq_conformance.config.table import near
from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.faults.spelling import Spelling
from fake_idp.system.json_number import refuse
from fake_idp.wire import Delivery, Ending, Json

_EXAMPLE = '{"endpoint": "token", "status": 503, "calls": [1, 2]}'
_AIM = frozenset({"endpoint", "calls", "grant"})
_LONGEST = 86_400.0
_TOKEN_CHARACTERS = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

_Read = Callable[[str, Json], object]


class FaultError(ValueError):
    """The text is not a fault; the message says why, what was expected and what to do."""


def read_fault(text: bytes) -> Fault:
    """Read a JSON object with the data of a Fault; raises FaultError."""
    try:
        data: Json = json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise FaultError(f"the body is not JSON ({error}); expected an object such as {_EXAMPLE}") from None
    values = _object("the body", data, _FAULT)
    if "endpoint" not in values:
        raise FaultError(f"endpoint is missing; say which of {', '.join(Kind)} misbehaves, as in {_EXAMPLE}")
    if not values.keys() - _AIM:
        raise FaultError(
            f"nothing is said that goes wrong; add one of {', '.join(name for name in _FAULT if name not in _AIM)}"
        )
    return Fault(**values)


def _object(name: str, data: Json, readers: Mapping[str, _Read]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise FaultError(f"{name} is {_called(data)}; expected an object such as {_EXAMPLE}")
    for member in data:
        if member not in readers:
            hint = near(member, list(readers)) or f"; known are {', '.join(readers)}"
            raise FaultError(f"there is no member {member!r}{hint}")
    return {member: readers[member](member, value) for member, value in data.items() if value is not None}


def _wrong(name: str, value: Json, expected: str) -> FaultError:
    return FaultError(f"{name} is {_called(value)}; expected {expected}")


def _called(value: Json) -> str:
    written = json.dumps(value)
    return written if len(written) <= 60 else f"{written[:57]}..."


def _one_of(words: Iterable[StrEnum]) -> _Read:
    known = {str(word): word for word in words}

    def read(name: str, value: Json) -> object:
        if not isinstance(value, str) or value not in known:
            raise _wrong(name, value, f"one of {', '.join(known)}")
        return known[value]

    return read


def _integer(low: int, high: int | None = None) -> _Read:
    def read(name: str, value: Json) -> object:
        if type(value) is not int or value < low or (high is not None and value > high):
            upper = "" if high is None else f" to {high}"
            raise _wrong(name, value, f"a whole number from {low}{upper}")
        return value

    return read


def _seconds(name: str, value: Json) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST:
        raise _wrong(name, value, f"seconds, from 0 to {_LONGEST:g}")
    return float(value)


def _flag(name: str, value: Json) -> object:
    if not isinstance(value, bool):
        raise _wrong(name, value, "true or false")
    return value


def _text(name: str, value: Json) -> str:
    if not isinstance(value, str) or any("\ud800" <= character <= "\udfff" for character in value):
        raise _wrong(name, value, "a text")
    return value


def _octets(name: str, value: Json) -> object:
    return _text(name, value).encode()


def _calls(name: str, value: Json) -> object:
    numbers = value if isinstance(value, list) else [value]
    if not numbers or not all(type(number) is int and number >= 1 for number in numbers):
        raise _wrong(name, value, "call numbers, counted from 1, such as [1, 2]; leave it out for all calls")
    return frozenset(numbers)


def _field(name: str, value: Json) -> str:
    text = _text(name, value)
    if not text.isascii() or not all(character.isprintable() or character == "\t" for character in text):
        raise _wrong(name, value, "a header value on one line, in ASCII")
    return text


def _headers(name: str, value: Json) -> object:
    if not isinstance(value, dict):
        raise _wrong(name, value, 'an object such as {"Retry-After": "2"}')
    for header in value:
        if not header or not set(header) <= _TOKEN_CHARACTERS:
            raise _wrong(name, header, "a header name, without blanks and colons")
    return tuple((header, _field(f"{name}.{header}", text)) for header, text in value.items())


def _members(name: str, value: Json) -> object:
    if not isinstance(value, dict):
        raise _wrong(name, value, 'an object such as {"expires_in": 0}')
    return value


def _without(name: str, value: Json) -> object:
    if not isinstance(value, list):
        raise _wrong(name, value, 'a list of member names such as ["expires_in"]')
    return frozenset(_text(name, item) for item in value)


def _delivery(name: str, value: Json) -> object:
    return Delivery(**_object(name, value, _DELIVERY))


_DELIVERY: dict[str, _Read] = {
    "delay": _seconds,
    "drip": _seconds,
    "drip_bytes": _integer(1),
    # Whether the peer leaves is not up to the fake.
    "ending": _one_of(ending for ending in Ending if ending is not Ending.LEFT),
    "after": _integer(0),
    "chunked": _flag,
}
_FAULT: dict[str, _Read] = {
    "endpoint": _one_of(Kind),
    "calls": _calls,
    "grant": _text,
    "status": _integer(200, 599),
    "body": _octets,
    "headers": _headers,
    "media_type": _field,
    "members": _members,
    "without": _without,
    "spelling": _one_of(Spelling),
    "delivery": _delivery,
}
