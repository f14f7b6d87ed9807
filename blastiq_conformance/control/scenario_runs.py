"""Evidence of a running fake, parted by the scenario that was active when an entry arrived."""

from dataclasses import replace

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.scenarios import scenarios
from fake_idp.journal import Entry


def scenario_runs(evidence: Evidence) -> tuple[Evidence, ...]:
    """Part the evidence by scenario, in order of appearance; empty evidence stays as it is."""
    entries: tuple[Entry, ...] = (*evidence.exchanges, *evidence.connections)
    first_seen = dict.fromkeys(entry.scenario for entry in sorted(entries, key=lambda entry: entry.number))
    return tuple(_scenario_run(evidence, slug) for slug in first_seen) or (evidence,)


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
