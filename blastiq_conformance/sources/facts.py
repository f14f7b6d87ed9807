"""The facts of a scenario and what the child did, as the JSON of a journal's facts line and back."""

import base64
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, cast

from blastiq_conformance.facts import Child, Facts, WrittenFile
from fake_idp.wire import Json

# The secrets that were issued have lines of their own.
_ELSEWHERE = frozenset({"issued"})


def to_members(value: Facts | Child) -> dict[str, Json]:
    """Give the fields that differ from their defaults."""
    given = ((item.name, getattr(value, item.name), item.default) for item in fields(value))
    return {name: _plain(held) for name, held, default in given if name not in _ELSEWHERE and held != default}


def to_facts(members: Mapping[str, Json]) -> Facts:
    """Read facts; raises ValueError that names a member which no facts have."""
    return replace(Facts(), **_values(Facts, members))


def to_child(members: Mapping[str, Json]) -> Child:
    """Read what the child did; raises ValueError that names a member which no child has."""
    return replace(Child(), **_values(Child, members))


def _values(made: type[Facts | Child], members: Mapping[str, Json]) -> dict[str, Any]:
    defaults = {item.name: item.default for item in fields(made) if item.name not in _ELSEWHERE}
    values = {}
    for name, member in members.items():
        if name not in defaults:
            raise ValueError(f"{name} is none of {', '.join(defaults)}")
        values[name] = _held(name, member, defaults[name])
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


def _held(name: str, member: Json, default: object) -> object:
    match default, member:
        case bytes(), {"base64": str(text)}:
            return base64.b64decode(text, validate=True)
        case tuple(), list():
            return tuple(_frozen(item) for item in member)
        case None, None | str() | int() | float():
            return member
        case _ if type(member) is type(default) or (isinstance(default, float) and type(member) is int):
            return member
    raise ValueError(f"{name} is {type(member).__name__}, which is not its type")


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
