"""How a recorded authority differs from the fake, as a small TOML file beside blastiq.toml; and such recordings."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from blastiq_conformance.config.config_error import demand_shape
from blastiq_conformance.config.toml_file import load, quoted
from fake_idp.customs import Change, Customs, Rewording
from fake_idp.likeness import Likeness
from fake_idp.server_config import Flavour, RefreshPolicy, ServerConfig, TokenShape

_HEAD = """\
# How a recorded authority is set up, where it is not as the kit's fake is by default. Written by
# `blastiq fidelity --write`; `blastiq run --like`, `blastiq serve --like` and `like = "…"` of a target take it over.
"""
# Those that are read otherwise than they are written.
_READERS: dict[str, Callable[[Any], Any]] = {
    "flavour": Flavour,
    "scopes": tuple,
    "access_token_lifetime": int,
    "refresh_policy": RefreshPolicy,
    "token_shape": TokenShape,
    "rate_limits": lambda limits: tuple(map(tuple, limits)),
    "allow_origins": lambda origins: frozenset(map(str.lower, origins)),
}
_CHANGES = ("answer", "claims", "document")
_APART = ("base", *_CHANGES, "errors", "api_errors")


def open_likeness(file: Path) -> Likeness:
    """Read a TOML file, or else a recording by its content; raises ConfigError or SourceError."""
    if file.suffix.lower() == ".toml":
        return read_file(file)
    from blastiq_conformance.fidelity.likeness import read_likeness
    from blastiq_conformance.sources import read

    return read_likeness(read(file), str(file))


def read_file(file: Path) -> Likeness:
    """Read a TOML file that `write` made, or somebody by hand; raises ConfigError."""
    return load(file, lambda whole: _likeness(whole, str(file)))


def _likeness(whole: dict[str, Any], file: str) -> Likeness:
    demand_shape(whole, "likeness")
    changes = {
        name: Change(more=whole[name].get("more", {}), less=frozenset(whole[name].get("less", ())))
        for name in _CHANGES
        if name in whole
    }
    errors, api_errors = (tuple(Rewording(**each) for each in whole.get(name, ())) for name in ("errors", "api_errors"))
    base = whole.get("base", ServerConfig().base).rstrip("/")
    shown = replace(
        ServerConfig(authority="https://like.example" + base),
        **{name: _READERS.get(name, lambda kept: kept)(value) for name, value in whole.items() if name not in _APART},
        customs=Customs(**changes, errors=errors, api_errors=api_errors),
    )
    return Likeness(file=file, shown=shown)


def write(likeness: Likeness) -> str:
    """Write what differs from the default."""
    return _HEAD + "\n" + "\n".join(_lines(likeness)) + "\n"


def _lines(likeness: Likeness) -> Iterator[str]:
    shown = likeness.shown
    if shown.base != ServerConfig().base:
        yield f"base = {_value(shown.base or '/')}"
    for name, value in likeness.taken.items():
        if name != "customs":
            yield f"{name} = {_value(sorted(value) if isinstance(value, frozenset) else value)}"
    for name in _CHANGES:
        change: Change = getattr(shown.customs, name)
        if change:
            yield f"\n[{name}]\nless = {_value(sorted(change.less))}\nmore = {_value(dict(change.more))}"
    for each in shown.customs.errors:
        yield f"\n[[errors]]\nerror = {_value(each.error)}\ndescription = {_value(each.description)}"
        yield f"status = {each.status}\nbody = {_value(dict(each.body))}"
    for each in shown.customs.api_errors:
        yield f"\n[[api_errors]]\nstatus = {each.status}\nbody = {_value(dict(each.body))}"


def _value(value: object) -> str:
    match value:
        case dict():
            # TOML has no null.
            pairs = (f"{_value(name)} = {_value(item)}" for name, item in value.items() if item is not None)
            return f"{{ {', '.join(pairs)} }}"
        case list() | tuple():
            return f"[{', '.join(_value(each) for each in value if each is not None)}]"
        case bool() | int() | float():
            return json.dumps(value)
        case _:
            return quoted(str(value))
