"""What a configuration declares: targets, each with how it is judged and what is waived for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal

from blastiq_conformance.catalogue import Profile, catalogue
from blastiq_conformance.config.config_error import ConfigError, demand_shape, near, unknown
from blastiq_conformance.config.likeness import read_file
from blastiq_conformance.editions import CURRENT, edition
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.waivers import Waiver
from blastiq_conformance.runner.placeholder import Misspelt, demand_known
from blastiq_conformance.runner.target import Home, Target
from blastiq_conformance.scenarios import Scenario, scenarios
from blastiq_conformance.schemas import Place
from fake_idp.likeness import Likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A target and how it is judged; empty `scenarios` and `rules` stand for all of them.

    `pytest` is None where it is not set.
    """

    target: Target
    profile: Profile = Profile.ARTICLE
    edition: str = CURRENT
    scenarios: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    pytest: bool | None = None
    waivers: tuple[Waiver, ...] = ()

    def chosen(self, *, slow: bool = False) -> list[Scenario]:
        """Give the scenarios that are run on it, in the order of the table; slow ones where they are named."""
        return [
            scenario
            for slug, scenario in scenarios().items()
            if (slug in self.scenarios if self.scenarios else slow or not scenario.slow)
            and slug in edition(self.edition).scenarios
            and not self.target.lack(scenario.needs)
            and (not self.rules or scenario.rules & frozenset(self.rules))
        ]

    def due(self, *, slow: bool = False) -> dict[str, frozenset[str]]:
        """Give for each rule the scenarios that are for it, of those that are run."""
        due = grouped((rule, scenario.slug) for scenario in self.chosen(slow=slow) for rule in scenario.rules)
        return {rule: frozenset(slugs) for rule, slugs in due.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A configuration file; `pytest` applies to targets that do not set it themselves."""

    file: Path
    targets: tuple[Declaration, ...]
    pytest: bool = False

    def choose(self, names: Sequence[str]) -> tuple[Declaration, ...]:
        """Give the targets of these names, all where none is named; raises ConfigError for an unknown name."""
        known = [declared.target.name for declared in self.targets]
        for name in names:
            if name not in known:
                hint = near(name, known) or f"; known are {', '.join(known)}"
                raise ConfigError(f"{self.file}: there is no target {name!r}{hint}")
        return tuple(declared for declared in self.targets if not names or declared.target.name in names)


def declare(whole: object, file: Path, place: Place = ()) -> Config:
    """Read a configuration as it was parsed, which stands in this place of its file; raises ConfigError."""
    told = _plain(whole)
    if told is None:
        raise ConfigError("there is no [tool.blastiq] in it; `blastiq init` writes a blastiq.toml")
    demand_shape(told, "config", place)
    targets: list[Declaration] = []
    for index, table in enumerate(told["target"]):
        here = (*place, "target", index)
        declared = _declaration(table, file.parent, here)
        name = declared.target.name
        if any(name == other.target.name for other in targets):
            raise ConfigError(
                f"another target is called {name!r} as well; give each a name of its own", (*here, "name")
            )
        targets.append(declared)
    return Config(file=file, targets=tuple(targets), pytest=told.get("pytest", False))


def _plain(value: Any) -> Any:
    """Write dates as JSON does: TOML has them as values."""
    match value:
        case dict():
            return {name: _plain(item) for name, item in value.items()}
        case list():
            return list(map(_plain, value))
        case date():
            return value.isoformat()
        case _:
            return value


_FIELDS = frozenset(field.name for field in fields(Target))


def _declaration(table: Mapping[str, Any], folder: Path, place: Place) -> Declaration:
    """Read one table of a target, which meets the schema."""
    held: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    for key in ("command", "env", "verbose"):
        _demand_placeholders(held.get(key, ()), (*place, key))
    _demand_known("scenario", held.get("scenarios", ()), scenarios(), (*place, "scenarios"))
    _demand_known("rule", held.get("rules", ()), catalogue(), (*place, "rules"))
    own: dict[str, Any] = {
        "cwd": (folder / table.get("cwd", ".")).resolve(),
        "home": Home(table.get("home", Home.PRIVATE)),
    }
    if "like" in table:
        own["like"] = _like(folder / table["like"], (*place, "like"))
    if "allow_origins" in table:
        own["allow_origins"] = tuple(map(str.lower, table["allow_origins"]))
    waivers = enumerate(table.get("waivers", ()))
    return Declaration(
        target=Target(**{name: value for name, value in held.items() if name in _FIELDS} | own),
        profile=Profile(table.get("profile", Profile.ARTICLE)),
        waivers=tuple(_waiver(waiver, (*place, "waivers", index)) for index, waiver in waivers),
        **{name: held[name] for name in ("edition", "scenarios", "rules", "pytest") if name in held},
    )


def _like(file: Path, place: Place) -> Likeness:
    try:
        return read_file(file)
    except ConfigError as error:
        raise ConfigError(str(error), place) from None


def _demand_placeholders(texts: tuple[str, ...] | Mapping[str, str], place: Place) -> None:
    """Refuse a misspelt placeholder, which would reach the integration as it is."""
    steps: Iterable[tuple[str | int, str]] = texts.items() if isinstance(texts, Mapping) else enumerate(texts)
    for step, text in steps:
        try:
            demand_known([text])
        except Misspelt as error:
            raise ConfigError(str(error), (*place, step)) from None


def _waiver(table: Mapping[str, str], place: Place) -> Waiver:
    rule, slug = table["rule"], table.get("scenario", "")
    _demand_known("rule", (rule,), catalogue(), (*place, "rule"))
    if slug:
        _demand_known("scenario", (slug,), scenarios(), (*place, "scenario"))
        if why := scenarios()[slug].without.get(rule):
            raise ConfigError(f"{slug} is not judged by {rule}: {why}", (*place, "scenario"))
    expires = date.fromisoformat(table["expires"])
    return Waiver(rule=rule, reason=table["reason"], owner=table["owner"], expires=expires, scenario=slug)


def _demand_known(kind: Literal["rule", "scenario"], names: Iterable[str], known: Iterable[str], place: Place) -> None:
    for index, name in enumerate(names):
        if name not in known:
            raise ConfigError(unknown(kind, name, known), (*place, index))
