"""The configuration file: `blastiq.toml`, or `[tool.blastiq]` in pyproject.toml."""

from blastiq_conformance.config.declaration import Config, Declaration
from blastiq_conformance.config.file import DEFAULT, FALLBACK, find, read
from blastiq_conformance.config.table import ConfigError

__all__ = ["DEFAULT", "FALLBACK", "Config", "ConfigError", "Declaration", "find", "read"]
