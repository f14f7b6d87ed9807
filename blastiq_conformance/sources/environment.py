"""Postman environments and globals: no evidence, but the values that a collection leaves open."""

import json
import re
from pathlib import Path

from blastiq_conformance.sources.content import head
from blastiq_conformance.sources.source_error import SourceError

_LIKELY = re.compile(r'\A\{.*"values"\s*:\s*\[|\A\{.*"_postman_variable_scope"', re.DOTALL)


def read_environment(path: Path) -> dict[str, str] | None:
    """Give the enabled variables; None where the file is no environment, or cannot be read at all."""
    try:
        start = head(path)
    except SourceError:
        # Whoever reads it as a recording says what is wrong.
        return None
    if not _LIKELY.match(start):
        return None
    try:
        parsed = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None
    match parsed:
        case {"values": list() as values, "name": str()} if "item" not in parsed and "log" not in parsed:
            return variables(values)
        case _:
            return None


def variables(listed: object) -> dict[str, str]:
    """Give the values of variables as environments and collections list them; those switched off left out."""
    found = {}
    for each in listed if isinstance(listed, list) else ():
        match each:
            case {"key": str(key), "value": str() | int() | float() as value} if each.get(
                "enabled", True
            ) and not each.get("disabled"):
                found[key] = str(value)
    return found
