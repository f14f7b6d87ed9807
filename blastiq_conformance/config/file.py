"""Where a configuration stands, and how the file is read."""

import tomllib
from pathlib import Path

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.config import values
from blastiq_conformance.config.declaration import Config, read_target
from blastiq_conformance.config.table import ConfigError, Table

DEFAULT = "blastiq.toml"
FALLBACK = "pyproject.toml"


def find(folder: Path) -> Path | None:
    """Give the file that configures a folder: blastiq.toml, or pyproject.toml where it has [tool.blastiq]."""
    if (own := folder / DEFAULT).is_file():
        return own
    shared = folder / FALLBACK
    return shared if shared.is_file() and _section(shared) is not None else None


def read(file: Path) -> Config:
    """Read a configuration; raises ConfigError. A pyproject.toml is known by its name."""
    shared = file.name == FALLBACK
    head = "tool.blastiq.target" if shared else "target"
    section = _section(file) if shared else load(file)
    if section is None:
        raise ConfigError(f"{file}: there is no [tool.blastiq] in it; `blastiq init` writes a {DEFAULT}")
    table = Table(section, f"{file}{', [tool.blastiq]' if shared else ''}", ("target", "pytest"))
    given = table.tables("target")
    if not given:
        raise ConfigError(f"{file}: it declares no target; each is headed [[{head}]], and needs a command at least")
    targets = tuple(
        read_target(target, f"{file}, [[{head}]] {number}", file.parent, catalogue())
        for number, target in enumerate(given, start=1)
    )
    names = [declared.target.name for declared in targets]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"{file}: {names.count(name)} targets are called {name!r}; give each a name of its own")
    return Config(file=file, targets=targets, pytest=table.take("pytest", values.flag, False))


def load(file: Path) -> dict[str, object]:
    """Read a TOML file; raises ConfigError."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is no UTF-8 text ({error.reason} at byte {error.start})") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{file} is no valid TOML: {error}") from None


def _section(file: Path) -> object | None:
    tool = load(file).get("tool")
    return tool.get("blastiq") if isinstance(tool, dict) else None
