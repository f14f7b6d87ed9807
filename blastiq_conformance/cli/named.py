"""Rules and scenarios that a command line names."""

import click

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.config.table import near
from blastiq_conformance.scenarios import Scenario, scenarios

# The second where people sign in.
_QUICK = frozenset({"sign-in", "attended-sign-in"})


def rules_named(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Give the ids of rules, each as the catalogue spells it; raises UsageError where there is no such rule."""
    known = catalogue()
    for wanted in ids:
        if wanted.upper() not in known:
            raise click.UsageError(
                f"there is no rule {wanted!r}; `blastiq rules` lists them all{near(wanted.upper(), list(known))}"
            )
    return tuple(wanted.upper() for wanted in ids)


def scenarios_named(slugs: tuple[str, ...], *, quick: bool) -> list[Scenario]:
    """Give those that were asked for by name, none where the target's own are to be played; raises UsageError."""
    known = scenarios()
    for slug in slugs:
        if slug not in known:
            hint = near(slug, list(known))
            raise click.UsageError(f"there is no scenario {slug!r}; `blastiq scenarios` lists them all{hint}")
    if quick and slugs:
        raise click.UsageError("--quick is the scenario sign-in alone; leave it out, or --scenario")
    return [scenario for slug, scenario in known.items() if slug in slugs or (quick and slug in _QUICK)]
