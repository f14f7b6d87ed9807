"""The JSON Schemas of report, bundle, configuration and listings, and what in a JSON value does not meet one.

The check knows only the keywords that these schemas use, so that users need no library for it. `errorMessage` says what
is expected: a text instead of anything else, an object by keyword (as ajv-errors has it).
"""

import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib.resources import files
from types import NoneType
from typing import Any, Literal, NamedTuple, TypeAlias, cast

from fake_idp.wire import Json

_ENDING = ".schema.json"


def shipped_schema(name: str) -> dict[str, Json]:
    """Give a JSON Schema (2020-12), which every report, bundle or blastiq.toml of this version meets."""
    return cast("dict[str, Json]", json.loads(schema_text(name)))


def names() -> list[str]:
    """Name the schemas that are shipped."""
    found = (file.name for file in files(__name__).iterdir())
    return sorted(name.removesuffix(_ENDING) for name in found if name.endswith(_ENDING))


def schema_text(name: str) -> str:
    """Give a schema as it is shipped."""
    return files(__name__).joinpath(name + _ENDING).read_text(encoding="utf-8")


Schema = Mapping[str, Json]
# Names of members and indexes of items, from the whole down.
Place: TypeAlias = tuple[str | int, ...]

# The type in Python, and what it is called.
_TYPES: Mapping[str, tuple[tuple[type, ...], str]] = {
    "object": ((dict,), "an object"),
    "array": ((list,), "a list"),
    "string": ((str,), "a string"),
    "integer": ((int,), "an integer"),
    "number": ((int, float), "a number"),
    "boolean": ((bool,), "a boolean"),
    "null": ((NoneType,), "null"),
}
# The bounds of each type: the keyword, how it is compared, and what it demands.
_OF_NUMBERS = (
    ("minimum", operator.ge, "{} or more"),
    ("exclusiveMinimum", operator.gt, "more than {}"),
    ("maximum", operator.le, "{} or less"),
)
_BOUNDS: Mapping[type, tuple[tuple[str, Callable[[Any, Any], bool], str], ...]] = {
    int: _OF_NUMBERS,
    float: _OF_NUMBERS,
    str: (("minLength", operator.ge, "at least {} characters"), ("maxLength", operator.le, "at most {} characters")),
    list: (("minItems", operator.ge, "at least {} items"), ("maxItems", operator.le, "at most {} items")),
}
_BRANCHING = frozenset({"allOf", "anyOf", "const", "enum", "if"})
_PLAIN = re.compile(r"[A-Za-z_][\w-]{0,60}", re.ASCII)


class Mismatch(NamedTuple):
    """What is wrong: in this place something else is expected, a member is missing, or one is not known.

    Of a member that is not known, `expected` names the known ones.
    """

    place: Place
    expected: str
    value: object = None
    kind: Literal["other", "missing", "unknown"] = "other"

    @property
    def found(self) -> str:
        """What is there, in a few printable characters."""
        match self.value:
            case dict():
                # Its values may be secrets, as those of an environment.
                return f"{{{', '.join(map(str, self.value))[:60]}}}"
            case _:
                return shown(self.value)

    def told(self, whole: str) -> str:
        """Say it in a sentence; `whole` is what the checked value is called."""
        name = named(whole, self.place)
        if self.kind == "missing":
            return f"{named(whole, self.place[:-1])} lacks {self.place[-1]}"
        if self.kind == "unknown":
            return f"{name} is not known: expected only {self.expected}"
        return f"{name} is {self.found}, expected {self.expected}"


def faults(
    value: Json, schema: Schema, place: Place = (), known: Mapping[str, Json] | None = None
) -> Iterator[Mismatch]:
    """Say where a value is not what the schema says, in its order; `known` are definitions, by default its own."""
    known = cast("Mapping[str, Json]", schema.get("$defs", {})) if known is None else known
    if "$ref" in schema:
        meant = cast("Schema", known[str(schema["$ref"]).removeprefix("#/$defs/")])
        schema = {**meant, **schema} if len(schema) > 1 else meant
    found = _faults(value, schema, place, known)
    if isinstance(message := schema.get("errorMessage"), str):
        found = (Mismatch(place, message, value) for _ in list(found)[:1])
    return found


def shown(value: object) -> str:
    """Show any value in a few printable characters."""
    try:
        text = json.dumps(value, default=str)
    except ValueError:  # Python writes no integer of more than 4,300 digits, though it reads one in hexadecimal
        return "an integer of thousands of digits"
    return text if len(text) <= 100 else f"{text[:60]} … {text[-30:]}"


def named(whole: str, place: Place) -> str:
    """Name a place in a value."""
    steps = (f".{step}" if _PLAIN.fullmatch(str(step)) else f"[{shown(step)}]" for step in place)
    return whole + "".join(steps)


def _faults(value: Json, schema: Schema, place: Place, known: Mapping[str, Json]) -> Iterator[Mismatch]:
    # In Python, true is an integer and equals 1.
    if "type" in schema and type(value) not in _TYPES[str(schema["type"])][0]:
        yield Mismatch(place, _expected(schema, "type", _TYPES[str(schema["type"])][1]), value)
        return
    if not _BRANCHING.isdisjoint(schema):
        yield from _alternatives(value, schema, place, known)
    for keyword, holds, words in _BOUNDS.get(type(value), ()):
        if keyword in schema:
            size = len(value) if isinstance(value, str | list) else value
            if not holds(size, schema[keyword]):
                yield Mismatch(place, _expected(schema, keyword, words.format(schema[keyword])), value)
    match value:
        case dict():
            yield from _members(value, schema, place, known)
        case list():
            first = cast("list[Schema]", schema.get("prefixItems", []))
            rest = cast("Schema", schema.get("items", {}))
            for index, item in enumerate(value):
                yield from faults(item, first[index] if index < len(first) else rest, (*place, index), known)
        case str():
            yield from _text(value, schema, place)


def _text(value: str, schema: Schema, place: Place) -> Iterator[Mismatch]:
    # The patterns stand between ^ and $; Python's $ alone would accept a final new line.
    if "pattern" in schema and re.fullmatch(str(schema["pattern"]), value) is None:
        yield Mismatch(place, f"text like {schema['pattern']}", value)
    if schema.get("format") == "date" and not _is_date(value):
        yield Mismatch(place, "a date such as 2027-01-31", value)


def _alternatives(value: Json, schema: Schema, place: Place, known: Mapping[str, Json]) -> Iterator[Mismatch]:
    for part in cast("list[Schema]", schema.get("allOf", [])):
        yield from faults(value, part, place, known)
    found = [list(faults(value, part, place, known)) for part in cast("list[Schema]", schema.get("anyOf", []))]
    if found and all(found):
        # An error in a part means that the alternative with such a part was intended.
        yield max(found, key=lambda each: (len(each[0].place) > len(place), -len(each)))[0]
    choices = cast("list[Json]", [schema["const"]] if "const" in schema else schema.get("enum", [value]))
    if not any(type(value) is type(choice) and value == choice for choice in choices):
        yield Mismatch(place, " or ".join(map(shown, choices)), value)
    if "if" in schema:
        fits = not any(faults(value, cast("Schema", schema["if"]), place, known))
        yield from faults(value, cast("Schema", schema.get("then" if fits else "else", {})), place, known)


def _members(value: Mapping[str, Json], schema: Schema, place: Place, known: Mapping[str, Json]) -> Iterator[Mismatch]:
    members = cast("Mapping[str, Schema]", schema.get("properties", {}))
    others = schema.get("additionalProperties", True)
    for name, member in value.items():
        if "propertyNames" in schema:
            yield from faults(name, cast("Schema", schema["propertyNames"]), place, known)
        if name in members:
            yield from faults(member, members[name], (*place, name), known)
        elif others is False:
            yield Mismatch((*place, name), ", ".join(members), kind="unknown")
        elif isinstance(others, dict):
            yield from faults(member, others, (*place, name), known)
    for name in cast("list[str]", schema.get("required", [])):
        if name not in value:
            yield Mismatch((*place, name), _expected(schema, "required", ""), kind="missing")


def _expected(schema: Schema, keyword: str, usual: str) -> str:
    message = schema.get("errorMessage")
    return str(message.get(keyword, usual)) if isinstance(message, dict) else usual


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
