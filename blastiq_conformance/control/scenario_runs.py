"""Evidence of a running fake, parted by the scenario that was active when an entry arrived."""

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
    """Part the evidence by scenario, in order of appearance; empty evidence stays as it is."""
    entries: tuple[Entry, ...] = (*evidence.exchanges, *evidence.connections)
    first_seen = dict.fromkeys(entry.scenario for entry in sorted(entries, key=lambda entry: entry.number))
    return tuple(_scenario_run(evidence, slug) for slug in first_seen) or (evidence,)


def judgements(
    evidence: Evidence, rules: Iterable[Rule], profile: Profile, edition: str = CURRENT
) -> tuple[Judgement, ...]:
    """Judge the scenario runs together, each by its own rules."""
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
