"""Which integrations `blastiq run` judges: a command, the demo, or the targets of a file; and by what."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.config import DEFAULT, ConfigError, Declaration, find, read
from blastiq_conformance.config.config_error import unknown
from blastiq_conformance.programs import EXAMPLES, PROGRAMS
from blastiq_conformance.runner.placeholder import Misspelt, demand_known
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import Scenario, scenarios

DEMO = (sys.executable, "-I", str(EXAMPLES / PROGRAMS["python"]))


class ConfigFault(click.ClickException):
    """A file or configuration that cannot be used; a reminder of the usage would not help."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One integration; a report shows `command`, and the words of `whose` name it on a command line."""

    declared: Declaration
    command: tuple[str, ...] = field(repr=False)
    whose: tuple[str, ...] = field(repr=False)


def subjects(command: tuple[str, ...], *, demo: bool, config: Path | None, names: Sequence[str]) -> list[Subject]:
    """Give the integrations that were named, in either way; raises UsageError and ConfigFault."""
    if demo + bool(command) + bool(config or names) > 1:
        raise click.UsageError("name one integration: a command, --demo, or targets of a configuration; not several")
    if demo:
        return [Subject(declared=Declaration(target=Target(command=DEMO)), command=("--demo",), whose=("--demo",))]
    if command:
        demand_startable(command)
        declared = Declaration(target=Target(command=command))
        return [Subject(declared=declared, command=command, whose=("--", *command))]
    try:
        return _configured(config, names)
    except ConfigError as error:
        raise ConfigFault(str(error)) from None


def demand_startable(command: Sequence[str]) -> None:
    """Raise UsageError for an empty name, and for a misspelt placeholder, which the child would get as it is."""
    if command and not command[0]:
        raise click.UsageError("the command is empty; name a program, such as: blastiq run -- node app.js")
    try:
        demand_known(command)
    except Misspelt as error:
        raise click.UsageError(f"the command cannot be filled in: {error}") from None


def _configured(config: Path | None, names: Sequence[str]) -> list[Subject]:
    file = config or find(Path())
    if file is None:
        raise click.UsageError(
            f"name one integration: `blastiq run -- CMD ARG…`, or `blastiq run --demo`; or write a {DEFAULT} here "
            "(`blastiq init`)"
        )
    where = () if config is None else ("--config", str(config))
    chosen = read(file).choose(names)
    return [
        Subject(
            declared=declared,
            command=declared.target.command,
            whose=(*where, "--target", declared.target.name),
        )
        for declared in chosen
    ]


def runnable(declared: Declaration, wanted: Sequence[Scenario]) -> list[Scenario]:
    """Give the scenarios that can run on a target; raises UsageError if none is left, for that would prove nothing."""
    left = [scenario for scenario in wanted if not declared.target.lack(scenario.needs)]
    if left:
        return left
    name = declared.target.name
    if wanted and declared.target.attended:
        raise click.UsageError(f"target {name!r} is attended: of the scenarios attended-… alone can run on it")
    if wanted:
        needs = ", ".join(f"{scenario.slug} needs `{scenario.needs}`" for scenario in wanted)
        raise click.UsageError(
            f"no scenario can run on target {name!r}: {needs}; declare it in {DEFAULT}, or give --tls or --intercept"
        )
    raise click.UsageError(
        f"no scenario that would run on target {name!r} judges {', '.join(declared.rules)}; `blastiq scenarios` says "
        "which do, --slow and --scenario run them"
    )


# The second for attended integrations.
_QUICK = frozenset({"sign-in", "attended-sign-in"})


def rules_named(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Give the ids of rules as the catalogue spells them; raises UsageError for an unknown rule."""
    known = catalogue()
    for wanted in ids:
        if wanted.upper() not in known:
            raise click.UsageError(unknown("rule", wanted, known))
    return tuple(wanted.upper() for wanted in ids)


def scenarios_named(slugs: tuple[str, ...], *, quick: bool) -> list[Scenario]:
    """Give the scenarios that were asked for by name, none to run the target's own; raises UsageError."""
    known = scenarios()
    for slug in slugs:
        if slug not in known:
            raise click.UsageError(unknown("scenario", slug, known))
    if quick and slugs:
        raise click.UsageError("--quick runs only the scenario sign-in; leave out either it or --scenario")
    return [scenario for slug, scenario in known.items() if slug in slugs or (quick and slug in _QUICK)]
