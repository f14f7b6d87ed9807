"""Checking a JSON value against a shipped JSON Schema: what is wrong with it, and where.

It knows only the keywords that these schemas use, so that users need no library for it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from types import NoneType
from typing import cast

from fake_idp.wire import Json

Schema = Mapping[str, Json]

# The type in Python, and what it is called.
_TYPES: Mapping[str, tuple[type, str]] = {
    "object": (dict, "an object"),
    "array": (list, "a list"),
    "string": (str, "a string"),
    "integer": (int, "an integer"),
    "number": (float, "a number"),
    "boolean": (bool, "a boolean"),
    "null": (NoneType, "null"),
}
_NAMES = dict(_TYPES.values())
_PLAIN = re.compile(r"[A-Za-z_][\w-]{0,60}", re.ASCII)


def faults(value: Json, schema: Schema, place: str, definitions: Mapping[str, Json] | None = None) -> Iterator[str]:
    """Say where a value is not what the schema says, in the order of the schema; `place` is its own name."""
    known = definitions if definitions is not None else cast("Mapping[str, Json]", schema.get("$defs", {}))
    if "$ref" in schema:
        schema = cast("Schema", known[str(schema["$ref"]).removeprefix("#/$defs/")])
    if "type" in schema and type(value) is not _TYPES[str(schema["type"])][0]:
        yield f"{place} is {_NAMES[type(value)]}, expected {_TYPES[str(schema['type'])][1]}"
        return
    if "anyOf" in schema:
        yield from _alternatives(value, cast("list[Schema]", schema["anyOf"]), place, known)
    choices = cast("list[Json]", [schema["const"]] if "const" in schema else schema.get("enum", [value]))
    # In Python, true equals 1.
    if not any(type(value) is type(choice) and value == choice for choice in choices):
        yield f"{place} is {shown(value)}, expected {' or '.join(map(shown, choices))}"
    match value:
        case dict():
            yield from _members(value, schema, place, known)
        case list():
            yield from _items(value, schema, place, known)
        case str():
            yield from _text(value, schema, place)
        case int() if value < cast("int", schema.get("minimum", value)):
            yield f"{place} is {shown(value)}, expected {schema['minimum']} or more"
        case _:
            pass
    if "if" in schema:
        fits = not any(faults(value, cast("Schema", schema["if"]), place, known))
        branch = schema.get("then" if fits else "else", {})
        yield from faults(value, cast("Schema", branch), place, known)


def shown(value: Json) -> str:
    """Show any value in a few printable characters."""
    text = json.dumps(value)
    return text if len(text) <= 100 else f"{text[:60]} … {text[-30:]}"


def inside(place: str, name: str) -> str:
    """Name a member."""
    return f"{place}.{name}" if _PLAIN.fullmatch(name) else f"{place}[{shown(name)}]"


def _alternatives(value: Json, schemas: list[Schema], place: str, known: Mapping[str, Json]) -> Iterator[str]:
    found = [list(faults(value, schema, place, known)) for schema in schemas]
    if all(found):
        # An error in a part means that the alternative with such a part was intended.
        yield max(found, key=lambda each: (not each[0].startswith(f"{place} is "), -len(each)))[0]


def _members(value: Mapping[str, Json], schema: Schema, place: str, known: Mapping[str, Json]) -> Iterator[str]:
    members = cast("Mapping[str, Schema]", schema.get("properties", {}))
    others = schema.get("additionalProperties", True)
    for name in cast("list[str]", schema.get("required", [])):
        if name not in value:
            yield f"{place} lacks {name}"
    for name, member in value.items():
        if name in members:
            yield from faults(member, members[name], inside(place, name), known)
        elif others is False:
            yield f"{inside(place, name)} is not known: expected only {', '.join(members)}"
        elif isinstance(others, dict):
            yield from faults(member, others, inside(place, name), known)


def _items(value: list[Json], schema: Schema, place: str, known: Mapping[str, Json]) -> Iterator[str]:
    least, most = cast("int", schema.get("minItems", 0)), cast("int", schema.get("maxItems", len(value)))
    if not least <= len(value) <= most:
        bound = f"at least {least}" if len(value) < least else f"at most {most}"
        yield f"{place} has {len(value)} items, expected {bound}"
    if "items" in schema:
        for index, item in enumerate(value):
            yield from faults(item, cast("Schema", schema["items"]), f"{place}[{index}]", known)


def _text(value: str, schema: Schema, place: str) -> Iterator[str]:
    # The patterns stand between ^ and $; Python's $ alone would accept a final new line.
    if "pattern" in schema and re.fullmatch(str(schema["pattern"]), value) is None:
        yield f"{place} is {shown(value)}, expected text like {schema['pattern']}"
    if schema.get("format") == "date" and not _is_date(value):
        yield f"{place} is {shown(value)}, expected a date such as 2027-01-31"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
