"""Rules and scenarios that a command line names."""

import click

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.config.config_error import near
from blastiq_conformance.scenarios import Scenario, scenarios

# The second for attended integrations.
_QUICK = frozenset({"sign-in", "attended-sign-in"})


def rules_named(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Give the ids of rules as the catalogue spells them; raises UsageError for an unknown rule."""
    known = catalogue()
    for wanted in ids:
        if wanted.upper() not in known:
            raise click.UsageError(
                f"there is no rule {wanted!r}; `blastiq rules` lists them all{near(wanted.upper(), list(known))}"
            )
    return tuple(wanted.upper() for wanted in ids)


def scenarios_named(slugs: tuple[str, ...], *, quick: bool) -> list[Scenario]:
    """Give the scenarios that were asked for by name, none to run the target's own; raises UsageError."""
    known = scenarios()
    for slug in slugs:
        if slug not in known:
            hint = near(slug, list(known))
            raise click.UsageError(f"there is no scenario {slug!r}; `blastiq scenarios` lists them all{hint}")
    if quick and slugs:
        raise click.UsageError("--quick runs only the scenario sign-in; leave out either it or --scenario")
    return [scenario for slug, scenario in known.items() if slug in slugs or (quick and slug in _QUICK)]
