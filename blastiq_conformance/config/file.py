"""Where a configuration is found, and how the file is read."""

from collections.abc import Mapping
from pathlib import Path

from blastiq_conformance import given_file
from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.config import values
from blastiq_conformance.config.declaration import Config, Declaration, read_target
from blastiq_conformance.config.table import ConfigError, Table
from blastiq_conformance.config.toml_file import load, parse, text_of

DEFAULT = "blastiq.toml"
FALLBACK = "pyproject.toml"


def find(folder: Path) -> Path | None:
    """Give the file that configures a folder: blastiq.toml, or pyproject.toml where it has [tool.blastiq]."""
    if given_file.is_there(own := folder / DEFAULT):
        return own
    shared = folder / FALLBACK
    return shared if given_file.is_there(shared) and _section(load(shared)) is not None else None


def read(file: Path) -> Config:
    """Read a configuration; raises ConfigError. A pyproject.toml is known by its name."""
    text = text_of(file)
    whole = parse(file, text)
    try:
        return _declared(file, whole)
    except ConfigError as error:
        raise error.found_in(file, text) from None


def _declared(file: Path, whole: Mapping[str, object]) -> Config:
    shared = file.name == FALLBACK
    section = _section(whole) if shared else whole
    head, place = ("tool.blastiq.target", ("tool", "blastiq")) if shared else ("target", ())
    if section is None:
        raise ConfigError(f"there is no [tool.blastiq] in it; `blastiq init` writes a {DEFAULT}")
    table = Table(section, "[tool.blastiq]" if shared else "", ("target", "pytest"), place)
    given = table.tables("target")
    if not given:
        raise ConfigError(
            f"it declares no target; each is headed [[{head}]], and needs a command at least", place=place
        )
    targets: list[Declaration] = []
    for index, target in enumerate(given):
        here = (*place, "target", index)
        declared = read_target(target, f"[[{head}]] {index + 1}", file.parent, catalogue(), here)
        if any(declared.target.name == other.target.name for other in targets):
            raise ConfigError(
                f"another target is called {declared.target.name!r} as well; give each a name of its own",
                where=f"[[{head}]] {index + 1}",
                place=(*here, "name"),
            )
        targets.append(declared)
    return Config(file=file, targets=tuple(targets), pytest=table.take("pytest", values.flag, False))


def _section(whole: Mapping[str, object]) -> object | None:
    tool = whole.get("tool")
    return tool.get("blastiq") if isinstance(tool, dict) else None
