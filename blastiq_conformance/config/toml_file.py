"""TOML files, read with errors that name the file."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from blastiq_conformance import given_file
from blastiq_conformance.config.config_error import ConfigError

T = TypeVar("T")


def load(file: Path, read: Callable[[dict[str, Any]], T]) -> T:
    """Give what `read` makes of a TOML file; raises ConfigError, with the line of what `read` refuses."""
    try:
        text = given_file.read_text(file)
        whole = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is not UTF-8 text ({error.reason} at byte {error.start})") from None
    # An integer of 5,000 digits is a ValueError of Python's own.
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file} is not valid TOML: {error}") from None
    try:
        return read(whole)
    except ConfigError as error:
        raise error.found_in(file, text) from None


def quoted(text: str) -> str:
    """Write a text in TOML: its escapes are JSON's, and it wants DEL escaped as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
