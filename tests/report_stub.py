"""The stub of the shapes of reports and bundles, made of their schemas: `blastiq_conformance/report/shape.pyi`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from blastiq_conformance.report import shape
from blastiq_conformance.schemas import shipped_schema

STUB = Path(shape.__file__).with_suffix(".pyi")
_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_HEAD = """\
# The shapes of reports and bundles, made of their schemas by `python -m tests.regenerate`.

from typing import Literal, NotRequired, TypeAlias, TypedDict
"""


def stub() -> str:
    """Write a class for each object that has a title, what is within before what holds it."""
    written: dict[str, str] = {}
    for name in ("report", "bundle"):
        schema: dict[str, Any] = shipped_schema(name)
        known = schema["$defs"]
        whole = [{**schema, "title": "Manifest"}] if name == "bundle" else []
        for each in [*known.values(), *whole]:
            _type_of(each, known, written)
    return "\n".join([_HEAD, *written.values(), "Model: TypeAlias = ReportShape | ReportsShape\n"])


def _type_of(schema: Mapping[str, Any], known: Mapping[str, Any], written: dict[str, str]) -> str:
    """Give the type of a value, and write the classes that it needs."""
    match schema:
        case {"$ref": str(name)}:
            return _type_of(known[name.removeprefix("#/$defs/")], known, written)
        case {"anyOf": list(parts)}:
            return " | ".join(dict.fromkeys(_type_of(part, known, written) for part in parts))
        case {"const": str(text)}:
            return f'Literal["{text}"]'
        case {"enum": [first, *_]}:
            return type(first).__name__
        case {"type": "array", "items": item}:
            return f"list[{_type_of(item, known, written)}]"
        case {"type": "object", "title": str(title), "properties": members}:
            lines = [f"class {title}Shape(TypedDict):", *_members(members, schema["required"], known, written)]
            written.setdefault(title, "\n".join([*lines, ""]))
            return f"{title}Shape"
        case {"type": "object"}:
            held = [
                *schema.get("properties", {}).values(),
                *[schema["additionalProperties"]] * ("properties" not in schema),
            ]
            return f"dict[str, {' | '.join(dict.fromkeys(_type_of(each, known, written) for each in held))}]"
        case _:
            return _TYPES[schema["type"]]


def _members(
    members: Mapping[str, Any], required: list[str], known: Mapping[str, Any], written: dict[str, str]
) -> Iterator[str]:
    for name, schema in members.items():
        kind = _type_of(schema, known, written)
        yield f"    {name}: {kind if name in required else f'NotRequired[{kind}]'}"
