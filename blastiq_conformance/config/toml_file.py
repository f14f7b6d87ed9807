"""TOML files, read with errors that name the file."""

import json
import tomllib
from pathlib import Path

from blastiq_conformance import given_file
from blastiq_conformance.config.config_error import ConfigError


def load(file: Path) -> dict[str, object]:
    """Read a TOML file; raises ConfigError."""
    return parse(file, text_of(file))


def text_of(file: Path) -> str:
    """Read its text; raises ConfigError."""
    try:
        return given_file.read_text(file)
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is not UTF-8 text ({error.reason} at byte {error.start})") from None


def parse(file: Path, text: str) -> dict[str, object]:
    """Read the text of a file; raises ConfigError."""
    try:
        # An integer of 5,000 digits is a ValueError of Python's own.
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file} is not valid TOML: {error}") from None


def quoted(text: str) -> str:
    """Write a text in TOML: its escapes are JSON's, and it wants DEL escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
