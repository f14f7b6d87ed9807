"""What was seen, parted by the scenario that was being played when it arrived: each is judged by its own rules."""

from collections.abc import Iterable
from dataclasses import replace

from blastiq_conformance.catalogue import Profile, Rule
from blastiq_conformance.editions import CURRENT
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.report import Judgement
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.trial.judging import judge_together
from fake_idp.journal import Entry


def scenario_runs(evidence: Evidence) -> tuple[Evidence, ...]:
    """Part the evidence by scenario, in order of appearance; one of nothing stays, under the scenario of its facts."""
    entries: tuple[Entry, ...] = (*evidence.exchanges, *evidence.connections)
    first_seen = dict.fromkeys(entry.scenario for entry in sorted(entries, key=lambda entry: entry.number))
    return tuple(_scenario_run(evidence, slug) for slug in first_seen) or (evidence,)


def rules_of(scenario_run: Evidence, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Give the rules that are judged in an act: those of its scenario, or all where none was played."""
    scenario = scenarios().get(scenario_run.facts.scenario)
    return tuple(rule for rule in rules if scenario is None or rule.id not in scenario.without)


def judgements(
    evidence: Evidence, rules: Iterable[Rule], profile: Profile, edition: str = CURRENT
) -> tuple[Judgement, ...]:
    """Judge them together."""
    return tuple(judge_together(scenario_runs(evidence), rules, profile, edition))


def _scenario_run(evidence: Evidence, slug: str) -> Evidence:
    scenario = scenarios().get(slug)
    calls, benign = (scenario.api_calls, scenario.benign) if scenario else (1, True)
    facts = replace(evidence.facts, scenario=slug, api_calls=calls, benign=benign)
    return replace(
        evidence,
        exchanges=tuple(entry for entry in evidence.exchanges if entry.scenario == slug),
        connections=tuple(entry for entry in evidence.connections if entry.scenario == slug),
        facts=facts,
    )
