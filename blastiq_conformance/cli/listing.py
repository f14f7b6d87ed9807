"""The JSON of `rules`, `explain`, `scenarios` and `doctor`; each meets its shipped schema."""

import json
from collections.abc import Iterable

from blastiq_conformance.catalogue import Rule
from blastiq_conformance.catalogue.article import Sentence
from blastiq_conformance.catalogue.references import describe
from blastiq_conformance.catalogue.tried import TRIED
from blastiq_conformance.cli.output import show
from blastiq_conformance.doctor import Check, Status
from blastiq_conformance.scenarios import Scenario
from fake_idp.wire import Json


def list_rules(rules: Iterable[Rule]) -> None:
    """Print rules with everything that their pages say."""
    _print("rules", rules=[_rule(rule) for rule in rules])


def list_coverage(rows: Iterable[Sentence]) -> None:
    """Print the article's sentences, each with its rules or the reason why it has none."""
    sentences: list[Json] = [
        {"key": row.key, "gist": row.gist, "rules": list(row.rules), "reason": row.reason} for row in rows
    ]
    _print("coverage", sentences=sentences)


def list_scenarios(scenarios: Iterable[Scenario]) -> None:
    """Print scenarios."""
    _print("scenarios", scenarios=[_scenario(scenario) for scenario in scenarios])


def list_checks(checks: Iterable[Check]) -> None:
    """Print what the doctor found."""
    found: list[Json] = [
        {"name": check.name, "status": str(check.status), "found": check.found, "advice": check.advice}
        for check in checks
    ]
    problems = [check for check in found if isinstance(check, dict) and check["status"] == Status.PROBLEM]
    _print("doctor", checks=found, problems=len(problems))


def _rule(rule: Rule) -> Json:
    tried = TRIED.get(rule.id, ())
    return {
        "id": rule.id,
        "name": rule.name,
        "level": str(rule.level),
        "severity": str(rule.severity),
        "title": rule.title,
        "why": rule.why,
        "instead": rule.instead,
        "references": [{"key": key, "gist": describe(key)} for key in rule.references],
        "good": rule.good.strip(),
        "bad": rule.bad.strip(),
        "fixes": [{"library": name, "how": how, "tried": name in tried} for name, how in rule.fixes.items()],
        "since": rule.since,
    }


def _scenario(scenario: Scenario) -> Json:
    return {
        "scenario": scenario.slug,
        "number": scenario.number,
        "done": scenario.done,
        "seconds": scenario.seconds,
        "slow": scenario.slow,
        "api_calls": scenario.api_calls,
        "needs": str(scenario.needs or ""),
        "variants": [variant.name for variant in scenario.variants if variant.name],
        "rules": [*sorted(scenario.rules)],
        "without": dict(sorted(scenario.without.items())),
    }


def _print(name: str, **members: Json) -> None:
    show(json.dumps({"schema": f"blastiq-{name}/1", **members}, indent=2) + "\n")
