"""What a configuration declares: targets, each with how it is judged and what is waived for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from blastiq_conformance.catalogue import Profile, Rule
from blastiq_conformance.config import values
from blastiq_conformance.config.likeness import read_file
from blastiq_conformance.config.place import Place
from blastiq_conformance.config.table import ConfigError, Table, near
from blastiq_conformance.editions import CURRENT, edition, editions
from blastiq_conformance.report.waivers import Waiver
from blastiq_conformance.runner.placeholder import Misspelt, demand_known
from blastiq_conformance.runner.target import Home, Target
from blastiq_conformance.scenarios import Scenario, scenarios
from fake_idp.likeness import Likeness

TARGET_KEYS = (
    *("name", "command", "env", "cwd", "flow", "profile", "scenarios", "rules", "client_id", "timeout"),
    *("client_timeout", "quiet", "home", "concurrency", "users", "verbose", "ready_path", "intercept", "pytest"),
    *("skips", "allow_origins", "like", "waivers", "version", "edition"),
)
_WAIVER_KEYS = ("rule", "reason", "owner", "expires", "scenario")


class Flow(StrEnum):
    """How somebody signs in."""

    UNATTENDED = "unattended"
    ATTENDED = "attended"


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
            and not self.target.lacks(scenario.needs)
            and (not self.rules or scenario.rules & frozenset(self.rules))
        ]

    def due(self, *, slow: bool = False) -> dict[str, frozenset[str]]:
        """Give for each rule the scenarios that are for it, of those that are run."""
        due: dict[str, set[str]] = {}
        for scenario in self.chosen(slow=slow):
            for rule in scenario.rules:
                due.setdefault(rule, set()).add(scenario.slug)
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


def read_target(given: object, where: str, folder: Path, rules: Mapping[str, Rule], place: Place = ()) -> Declaration:
    """Read one table of a target; raises ConfigError."""
    name = given.get("name") if isinstance(given, dict) else None
    table = Table(given, f"{where} {name!r}" if isinstance(name, str) else where, TARGET_KEYS, place)
    target = Target(
        name=table.take("name", values.name, "default"),
        command=table.need("command", values.command),
        env=table.take("env", values.variables, {}),
        cwd=(folder / table.take("cwd", values.text, ".")).resolve(),
        flow=table.take("flow", values.choice(Flow), Flow.UNATTENDED),
        client_id=table.take("client_id", values.text, "external.customer"),
        timeout=table.take("timeout", values.seconds, 120.0),
        client_timeout=table.take("client_timeout", values.seconds, 60.0),
        quiet=table.need("quiet", values.seconds) if "quiet" in table else None,
        home=table.take("home", values.choice(Home), Home.PRIVATE),
        concurrency=table.need("concurrency", values.count) if "concurrency" in table else None,
        users=table.take("users", values.count, 1),
        verbose=table.need("verbose", values.switch) if "verbose" in table else (),
        ready_path=table.need("ready_path", values.path) if "ready_path" in table else None,
        intercept=table.take("intercept", values.hosts, ()),
        skips=table.take("skips", values.statuses, ()),
        allow_origins=table.take("allow_origins", values.origins, ()),
        version=table.take("version", values.text, ""),
        like=_like(table, folder) if "like" in table else None,
    )
    for key, texts in (("command", target.command), ("env", target.env), ("verbose", target.verbose)):
        _demand_placeholders(table, key, texts)
    return Declaration(
        target=target,
        profile=table.take("profile", values.choice(Profile), Profile.ARTICLE),
        edition=_known(table, "edition", (table.take("edition", values.text, CURRENT),), editions())[0],
        scenarios=_known(table, "scenarios", table.take("scenarios", values.words, ()), tuple(scenarios())),
        rules=_known(table, "rules", table.take("rules", values.words, ()), tuple(rules)),
        pytest=table.need("pytest", values.flag) if "pytest" in table else None,
        waivers=tuple(
            _read_waiver(waiver, f"{table.where}, waiver {index + 1}", rules, (*place, "waivers", index))
            for index, waiver in enumerate(table.tables("waivers"))
        ),
    )


def _like(table: Table, folder: Path) -> Likeness:
    file = folder / table.need("like", values.text)
    try:
        return read_file(file)
    except ConfigError as error:
        raise table.fault("like", str(error)) from None


def _demand_placeholders(table: Table, key: str, texts: tuple[str, ...] | Mapping[str, str]) -> None:
    """Refuse a misspelt placeholder, which would reach the integration as it is."""
    steps: Iterable[tuple[str | int, str]] = texts.items() if isinstance(texts, Mapping) else enumerate(texts)
    for step, text in steps:
        try:
            demand_known([text])
        except Misspelt as error:
            raise table.fault(key, str(error), step) from None


def _read_waiver(given: object, where: str, rules: Mapping[str, Rule], place: Place) -> Waiver:
    table = Table(given, where, _WAIVER_KEYS, place)
    (rule,) = _known(table, "rule", (table.need("rule", values.text),), tuple(rules))
    slug = table.take("scenario", values.text, "")
    if slug:
        _known(table, "scenario", (slug,), tuple(scenarios()))
        if rule in scenarios()[slug].without:
            raise table.fault("scenario", f"{slug} is not judged by {rule}: {scenarios()[slug].without[rule]}")
    return Waiver(
        rule=rule,
        reason=table.need("reason", values.text),
        owner=table.need("owner", values.text),
        expires=table.need("expires", values.day),
        scenario=slug,
    )


def _known(table: Table, key: str, given: tuple[str, ...], known: Sequence[str]) -> tuple[str, ...]:
    for index, name in enumerate(given):
        if name not in known:
            kind = key.removesuffix("s")
            listed = f"known are {', '.join(known)}" if kind == "edition" else f"`blastiq {kind}s` lists them all"
            hint = near(name, known) or f"; {listed}"
            raise table.fault(key, f"there is no {kind} {name!r}{hint}", index)
    return given
