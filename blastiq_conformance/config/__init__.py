"""The configuration file: `blastiq.toml`, or `[tool.blastiq]` in pyproject.toml."""

from blastiq_conformance.config.config_error import ConfigError
from blastiq_conformance.config.declaration import Config, Declaration
from blastiq_conformance.config.file import DEFAULT, FALLBACK, find, read

__all__ = ["DEFAULT", "FALLBACK", "Config", "ConfigError", "Declaration", "find", "read"]
