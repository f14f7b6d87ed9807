"""The configuration file: `blastiq.toml`, or `[tool.blastiq]` in pyproject.toml; where it is found, how it is read."""

from collections.abc import Mapping
from pathlib import Path

from blastiq_conformance import given_file
from blastiq_conformance.config.config_error import ConfigError
from blastiq_conformance.config.declaration import Config, Declaration, declare
from blastiq_conformance.config.toml_file import load

__all__ = ["DEFAULT", "FALLBACK", "Config", "ConfigError", "Declaration", "find", "read"]

DEFAULT = "blastiq.toml"
FALLBACK = "pyproject.toml"


def find(folder: Path) -> Path | None:
    """Give the file that configures a folder: blastiq.toml, or pyproject.toml where it has [tool.blastiq]."""
    if given_file.is_there(own := folder / DEFAULT):
        return own
    shared = folder / FALLBACK
    return shared if given_file.is_there(shared) and load(shared, _section) is not None else None


def read(file: Path) -> Config:
    """Read a configuration; raises ConfigError. A pyproject.toml is known by its name."""
    if file.name == FALLBACK:
        return load(file, lambda whole: declare(_section(whole), file, ("tool", "blastiq")))
    return load(file, lambda whole: declare(whole, file))


def _section(whole: Mapping[str, object]) -> object | None:
    tool = whole.get("tool")
    return tool.get("blastiq") if isinstance(tool, dict) else None
