"""How a recorded authority differs from the fake, as a small TOML file beside blastiq.toml; and such recordings."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from blastiq_conformance.config import values
from blastiq_conformance.config.table import Table
from blastiq_conformance.config.toml_file import load, quoted
from fake_idp.customs import Change, Customs, Json, Rewording
from fake_idp.likeness import Likeness
from fake_idp.server_config import Flavour, RefreshPolicy, ServerConfig, TokenShape

_HEAD = """\
# How a recorded authority is set up, where it is not as the kit's fake is by default. Written by
# `blastiq fidelity --write`; `blastiq run --like`, `blastiq serve --like` and `like = "…"` of a target take it over.
"""
_READERS: dict[str, Callable[[object], object]] = {
    "flavour": values.choice(Flavour),
    "token_path": values.path,
    "jwks_path": values.path,
    "scopes": values.words,
    "resource": values.text,
    "access_token_lifetime": lambda value: int(values.seconds(value)),
    "refresh_policy": values.choice(RefreshPolicy),
    "token_shape": values.choice(TokenShape),
    "issuer_slash": values.flag,
    "identity_tokens": values.flag,
    "rate_limits": values.limits,
    "allow_origins": lambda value: frozenset(values.origins(value)),
}
_CHANGES = ("answer", "claims", "document")
_KEYS = ("base", *_READERS, *_CHANGES, "errors", "api_errors")


def open_likeness(file: Path) -> Likeness:
    """Read a TOML file, or else a recording by its content; raises ConfigError or SourceError."""
    if file.suffix.lower() == ".toml":
        return read_file(file)
    from blastiq_conformance.fidelity.likeness import read_likeness
    from blastiq_conformance.sources import read

    return read_likeness(read(file), str(file))


def read_file(file: Path) -> Likeness:
    """Read a TOML file that `write` made, or somebody by hand; raises ConfigError."""
    table = Table(load(file), str(file), _KEYS)
    taken = {name: table.need(name, read) for name, read in _READERS.items() if name in table}
    changes = {name: _change(table, name) for name in _CHANGES if name in table}
    errors = tuple(_rewording(each, f"{file}, [[errors]]") for each in table.tables("errors"))
    api_errors = tuple(_said_by_api(each, f"{file}, [[api_errors]]") for each in table.tables("api_errors"))
    base = table.take("base", values.path, ServerConfig().base).rstrip("/")
    shown = replace(
        ServerConfig(authority="https://like.example" + base),
        **taken,  # type: ignore[arg-type]  # each is read as its key wants it
        customs=Customs(**changes, errors=errors, api_errors=api_errors),
    )
    return Likeness(file=str(file), shown=shown)


def write(likeness: Likeness) -> str:
    """Write what differs from the default."""
    return _HEAD + "\n" + "\n".join(_lines(likeness)) + "\n"


def _lines(likeness: Likeness) -> Iterator[str]:
    shown = likeness.shown
    if shown.base != ServerConfig().base:
        yield f"base = {_value(shown.base or '/')}"
    for name, value in likeness.taken.items():
        if name in _READERS:
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


def _change(table: Table, name: str) -> Change:
    inner = Table(table.need(name, _members), f"{table.where}, [{name}]", ("less", "more"))
    less: tuple[str, ...] = inner.take("less", values.words, ())
    return Change(more=inner.take("more", _members, {}), less=frozenset(less))


def _rewording(given: object, where: str) -> Rewording:
    table = Table(given, where, ("error", "description", "status", "body"))
    return Rewording(
        error=table.need("error", values.text),
        description=table.take("description", str, ""),
        status=table.take("status", _status, 400),
        body=table.take("body", _members, {}),
    )


def _said_by_api(given: object, where: str) -> Rewording:
    table = Table(given, where, ("status", "body"))
    return Rewording(status=table.need("status", _status), body=table.take("body", _members, {}))


def _status(value: object) -> int:
    if type(value) is not int or not 400 <= value <= 599:
        raise values.Unexpected("an HTTP status from 400 to 599")
    return value


def _members(value: object) -> dict[str, Json]:
    if not isinstance(value, Mapping):
        raise values.Unexpected("a table")
    try:
        # Of TOML's values, JSON lacks dates.
        read: dict[str, Json] = json.loads(json.dumps(value))
    except (TypeError, ValueError, RecursionError):
        raise values.Unexpected("texts, numbers, true and false, lists and tables of them") from None
    return read
