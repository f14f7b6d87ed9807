"""The facts of a scenario and what the child did, as the JSON of a journal's facts line and back."""

import base64
import json
from collections.abc import Mapping
from dataclasses import fields, replace
from itertools import cycle
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from blastiq_conformance.facts import Child, Facts, WrittenFile
from fake_idp.wire import Json

# The secrets that were issued have lines of their own.
_ELSEWHERE = frozenset({"issued"})
# More of anything was never counted.
_MOST = 10**9


def to_members(value: Facts | Child) -> dict[str, Json]:
    """Give the fields that differ from their defaults."""
    given = ((item.name, getattr(value, item.name), item.default) for item in fields(value))
    return {name: _plain(held) for name, held, default in given if name not in _ELSEWHERE and held != default}


def to_facts(members: Mapping[str, Json]) -> Facts:
    """Read facts; raises ValueError that names a member which no facts have."""
    try:
        # What is given to an integration is text: half of a pair of surrogates can be sent nowhere.
        json.dumps({name: value for name, value in members.items() if name != "shipped"}, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("a text among the facts has a character that UTF-8 cannot hold") from None
    return replace(Facts(), **_values(Facts, members))


def to_child(members: Mapping[str, Json]) -> Child:
    """Read what the child did; raises ValueError that names a member which no child has."""
    return replace(Child(), **_values(Child, members))


def _values(made: type[Facts | Child], members: Mapping[str, Json]) -> dict[str, Any]:
    hints = {name: hint for name, hint in get_type_hints(made).items() if name not in _ELSEWHERE}
    values = {}
    for name, member in members.items():
        if name not in hints:
            raise ValueError(f"{name} is none of {', '.join(hints)}")
        values[name] = _held(name, member, hints[name])
    return values


def _plain(value: object) -> Json:
    match value:
        case bytes():
            return {"base64": base64.b64encode(value).decode()}
        case tuple():
            return [_plain(item) for item in value]
        case WrittenFile():
            return {"path": value.path, "content": _plain(value.content), "mode": value.mode}
        case _:
            return cast("Json", value)


def _held(name: str, member: Json, hint: object) -> object:
    value = _frozen(member)
    if hint is float and type(value) is int:
        value = float(min(value, _MOST))
    if not _fits(value, hint):
        raise ValueError(f"{name} is {type(member).__name__}, which is not its type")
    return value


def _fits(value: object, hint: object) -> bool:
    kinds = get_args(hint)
    match get_origin(hint):
        case origin if origin is tuple:
            several = isinstance(value, tuple) and (kinds[1] is Ellipsis or len(kinds) == len(value))
            return several and all(
                map(_fits, cast("tuple[object, ...]", value), cycle(kinds[:1]) if kinds[1] is Ellipsis else kinds)
            )
        case origin if origin is UnionType:
            return any(_fits(value, kind) for kind in kinds)
        case _ if type(value) is int:
            return hint is int and abs(value) <= _MOST
        case _:
            return type(value) is hint


def _frozen(item: Json) -> object:
    match item:
        case {"base64": str(text)}:
            return base64.b64decode(text, validate=True)
        case list():
            return tuple(_frozen(part) for part in item)
        case {"path": str(path), "content": {"base64": str(text)}, "mode": int() | None as mode}:
            return WrittenFile(path=path, content=base64.b64decode(text, validate=True), mode=mode)
        case _:
            return item
