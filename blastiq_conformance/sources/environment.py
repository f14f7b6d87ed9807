"""Environments of Postman and JetBrains: not evidence, but values for the variables of collections and .http files."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.sources.content import head, text
from blastiq_conformance.sources.json_text import parse_json
from blastiq_conformance.sources.postman_list import enabled
from blastiq_conformance.sources.source_error import SourceError

# JetBrains' HTTP Client finds them by these names, beside the .http file.
BESIDE = ("http-client.env.json", "http-client.private.env.json")

_LIKELY = re.compile(r'\A\{.*"values"\s*:\s*\[|\A\{.*"_postman_variable_scope"', re.DOTALL)


def read_variables(path: Path) -> dict[str, str] | None:
    """Give the enabled variables; None where the file is not an environment, or cannot be read at all.

    JetBrains' variables only apply to the .http files beside them, which read them on their own.
    """
    if path.name in BESIDE:
        return {}
    try:
        parsed: Any = json.loads(text(path) or "") if _LIKELY.match(head(path)) else None
    except (SourceError, ValueError, RecursionError):
        # The reader of recordings will say what is wrong.
        return None
    match parsed:
        case {"values": list() as values, "name": str()} if "item" not in parsed and "log" not in parsed:
            return variables(values)
        case _:
            return None


def variables_beside(path: Path) -> dict[str, str]:
    """Give the variables of JetBrains' environment files in the folder of a .http file. Raises SourceError.

    A person chooses the environment, so a variable with several values stays open.
    """
    files = [file for name in BESIDE if (file := path.with_name(name)).is_file()]
    known = grouped(pair for file in files for pair in _of_all_environments(file))
    return {variable: values[0] for variable, values in known.items() if len(set(values)) == 1}


def _of_all_environments(file: Path) -> Iterator[tuple[str, str]]:
    parsed = parse_json(str(file), text(file) or "")
    if not isinstance(parsed, dict):
        advice = 'write it as {"environment": {"variable": "value"}}, or remove it'
        raise SourceError(str(file), "", "environments that are not an object", advice)
    for environment in parsed.values():
        for variable, value in environment.items() if isinstance(environment, dict) else ():
            # Objects are settings of TLS and sign-ins, which cannot be part of a text.
            if isinstance(value, str | int | float):
                yield variable, value if isinstance(value, str) else json.dumps(value)


def variables(listed: object) -> dict[str, str]:
    """Give the values of variables as environments and collections list them, without disabled ones."""
    values = ((key, each.get("value")) for key, each in enabled(listed))
    return {key: str(value) for key, value in values if isinstance(value, str | int | float)}
