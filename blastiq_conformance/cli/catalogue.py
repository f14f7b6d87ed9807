"""`blastiq rules`, `explain` and `scenarios`: what is judged, why, and when; `schema`: how machines are told."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from blastiq_conformance.catalogue import Rule, catalogue
from blastiq_conformance.catalogue.page import as_text, hung
from blastiq_conformance.catalogue.references import coverage as covered
from blastiq_conformance.catalogue.references import describe
from blastiq_conformance.catalogue.tried import TRIED
from blastiq_conformance.cli.options import listing_option
from blastiq_conformance.cli.output import show, show_listing
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.schemas import names, schema_text
from fake_idp.wire import Json

if TYPE_CHECKING:
    from blastiq_conformance.scenarios import Scenario


@click.command()
@click.option("--coverage", is_flag=True, help="The article's sentences A1 to A38, each with its rules or the reason.")
@listing_option
def rules(coverage: bool, form: str) -> None:
    """List every rule, or with --coverage every sentence of the article."""
    if coverage:
        rows = covered(catalogue())
        if form == "json":
            sentences: list[Json] = [
                {"key": row.key, "gist": row.gist, "rules": list(row.rules), "reason": row.reason} for row in rows
            ]
            show_listing("coverage", sentences=sentences)
            return
        for row in rows:
            _print(f"{row.key:<4} {hung(row.gist, 5)}")
            _print(f"     {hung(', '.join(row.rules) or f'no rule: {row.reason}', 5)}")
    elif form == "json":
        show_listing("rules", rules=[_rule(rule) for rule in catalogue().values()])
    else:
        for rule in catalogue().values():
            _print(f"{rule.id}  {rule.level:<10}  {rule.severity:<7}  {rule.name:<34}  {rule.title}")


@click.command()
@click.argument("rule_id", metavar="ID")
@listing_option
def explain(rule_id: str, form: str) -> None:
    """Explain one rule: why, what to do instead, its sources, a good and a bad example, fixes per library."""
    wanted = rule_id.strip()
    known = catalogue()
    found = known.get(wanted.upper()) or next((rule for rule in known.values() if rule.name == wanted.lower()), None)
    if found is None:
        from blastiq_conformance.config.config_error import unknown

        words = [word for rule in known.values() for word in (rule.id, rule.name)]
        raise click.UsageError(unknown("rule", wanted, words))
    if form == "json":
        show_listing("rules", rules=[_rule(found)])
    else:
        for line in as_text(found):
            _print(line)


@click.command()
@listing_option
def scenarios(form: str) -> None:
    """List the scenarios: what is done to the client, the API calls asked for, what it is for, how long it takes."""
    from blastiq_conformance.scenarios import scenarios as table

    if form == "json":
        show_listing("scenarios", scenarios=[_scenario(scenario) for scenario in table().values()])
        return
    for scenario in table().values():
        slow = ", slow: only with --slow" if scenario.slow else ""
        _print(f"{scenario.slug:<20} {scenario.number:<5} about {scenario.seconds:g} s{slow}")
        _print(f"  {hung(f'does    {scenario.done}', 10)}")
        _print(f"  calls   {scenario.api_calls}")
        _print(f"  {hung(f'for     {_list(scenario.rules)}', 10)}")
        for reason, left_out in grouped((why, rule) for rule, why in sorted(scenario.without.items())).items():
            _print(f"  {hung(f'but not {_list(left_out)}: {reason}', 10)}")
    _print("\nA scenario must show what it is for; every other rule judges it too, if its subject occurs.")


@click.command()
@click.argument("name", type=click.Choice(names()))
def schema(name: str) -> None:
    """Print a JSON Schema of what is written or read.

    That is a report, a bundle's manifest, blastiq.toml (config), a likeness, a fault, or what a command lists as JSON.
    """
    show(schema_text(name))


def _rule(rule: Rule) -> Json:
    tried = TRIED.get(rule.id, ())
    members = {
        name: str(getattr(rule, name)) for name in ("id", "name", "level", "severity", "title", "why", "instead")
    }
    return {
        **members,
        "references": [{"key": key, "gist": describe(key)} for key in rule.references],
        "good": rule.good.strip(),
        "bad": rule.bad.strip(),
        "fixes": [{"library": name, "how": how, "tried": name in tried} for name, how in rule.fixes.items()],
        "since": rule.since,
    }


def _scenario(scenario: "Scenario") -> Json:
    return {
        "scenario": scenario.slug,
        **{name: getattr(scenario, name) for name in ("number", "done", "seconds", "slow", "api_calls")},
        "needs": str(scenario.needs or ""),
        "variants": [variant.name for variant in scenario.variants if variant.name],
        "rules": [*sorted(scenario.rules)],
        "without": dict(sorted(scenario.without.items())),
    }


def _list(ids: Iterable[str]) -> str:
    return ", ".join(sorted(ids)) or "nothing"


def _print(text: str) -> None:
    show(f"{text}\n")
