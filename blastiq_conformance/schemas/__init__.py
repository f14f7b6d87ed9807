"""The JSON Schemas of report, bundle, configuration and listings, shipped with the package."""

import json
from importlib.resources import files
from typing import cast

from fake_idp.wire import Json

_ENDING = ".schema.json"


def report_schema() -> dict[str, Json]:
    """Give the JSON Schema (2020-12) that every report of this version meets."""
    return _schema("report")


def bundle_schema() -> dict[str, Json]:
    """Give the JSON Schema (2020-12) that the manifest of every bundle of this version meets."""
    return _schema("bundle")


def config_schema() -> dict[str, Json]:
    """Give the JSON Schema (2020-12) that every blastiq.toml meets; editors complete by it."""
    return _schema("config")


def names() -> list[str]:
    """Name all that are shipped."""
    found = (file.name for file in files(__name__).iterdir())
    return sorted(name.removesuffix(_ENDING) for name in found if name.endswith(_ENDING))


def schema_text(name: str) -> str:
    """Give a schema as it is shipped."""
    return files(__name__).joinpath(name + _ENDING).read_text(encoding="utf-8")


def _schema(name: str) -> dict[str, Json]:
    return cast("dict[str, Json]", json.loads(schema_text(name)))
