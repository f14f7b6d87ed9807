"""The JSON Schemas of report, bundle and configuration, shipped with the package."""

import json
from importlib.resources import files
from typing import cast

from fake_idp.wire import Json


def report_schema() -> dict[str, Json]:
    """Give the JSON Schema (2020-12) that every report of this version meets."""
    return _schema("report.schema.json")


def bundle_schema() -> dict[str, Json]:
    """Give the JSON Schema (2020-12) that the manifest of every bundle of this version meets."""
    return _schema("bundle.schema.json")


def config_schema() -> dict[str, Json]:
    """Give the JSON Schema (2020-12) that every blastiq.toml meets; editors complete by it."""
    return _schema("config.schema.json")


def _schema(name: str) -> dict[str, Json]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return cast("dict[str, Json]", json.loads(text))
