"""The facts of a scenario and what the child did, as the JSON of a journal's facts line and back."""

import base64
import json
from collections.abc import Mapping
from dataclasses import fields, replace
from types import UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

from blastiq_conformance.evidence.facts import Child, Facts, WrittenFile
from fake_idp.wire import Json

# The secrets that were issued have lines of their own.
_ELSEWHERE = frozenset({"issued"})
_KINDS = {
    made: {name: kind for name, kind in get_type_hints(made).items() if name not in _ELSEWHERE}
    for made in (Facts, Child)
}
# No count was ever larger.
_MOST = 10**9


def to_members(value: Facts | Child) -> dict[str, Json]:
    """Give the fields that differ from their defaults."""
    given = ((item.name, getattr(value, item.name), item.default) for item in fields(value))
    return {name: _plain(held) for name, held, default in given if name not in _ELSEWHERE and held != default}


def to_facts(members: Mapping[str, Json]) -> Facts:
    """Read facts; raises ValueError for an unknown member or a wrong value."""
    try:
        # An integration is given text: half of a surrogate pair cannot be sent anywhere.
        json.dumps({name: value for name, value in members.items() if name != "shipped"}, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("a text among the facts has a character that UTF-8 cannot hold") from None
    return replace(Facts(), **_values(Facts, members))


def to_child(members: Mapping[str, Json]) -> Child:
    """Read what the child did; raises ValueError for an unknown member or a wrong value."""
    return replace(Child(), **_values(Child, members))


def _values(made: type[Facts | Child], members: Mapping[str, Json]) -> dict[str, Any]:
    kinds = _KINDS[made]
    values = {}
    for name, member in members.items():
        if name not in kinds:
            raise ValueError(f"{name} is none of {', '.join(kinds)}")
        try:
            values[name] = _held(member, kinds[name])
        except TypeError as error:
            raise ValueError(f"{name} is {type(member).__name__}, which is not its type: {error}") from None
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


def _held(member: Json, kind: object) -> Any:
    """Convert a member to the type of its field; raises TypeError for a wrong type at any depth."""
    match get_origin(kind), get_args(kind), member:
        case origin, (inner, _), _ if origin is UnionType:
            return None if member is None else _held(member, inner)
        case origin, (inner, end), list() if origin is tuple and end is Ellipsis:
            return tuple(_held(item, inner) for item in member)
        case origin, inners, list() if origin is tuple and len(inners) == len(member):
            return tuple(map(_held, member, inners))
        case None, _, {"base64": str(text)} if kind is bytes:
            return base64.b64decode(text, validate=True)
        case None, _, {"path": str(path), "content": content, "mode": mode} if kind is WrittenFile:
            return WrittenFile(path=path, content=_held(content, bytes), mode=_held(mode, int | None))
        case _ if type(member) is int:
            if (kind is int and abs(member) <= _MOST) or kind is float:
                return member if kind is int else float(max(-_MOST, min(member, _MOST)))
        case _ if type(member) is kind:
            return member
    raise TypeError(f"{member!r:.40} is no {getattr(kind, '__name__', kind)}")
