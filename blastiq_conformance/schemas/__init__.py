"""The JSON Schemas of report, bundle, configuration and listings, shipped with the package."""

import json
from importlib.resources import files
from typing import cast

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
