"""Every scenario: one readable table, its knobs in files by subject."""

from collections.abc import Mapping
from functools import cache

from blastiq_conformance.evidence.special_characters import CANARY, CANARY_LENGTH
from blastiq_conformance.scenarios.scenario import Need, Place, Scenario, TlsFault, Variant

__all__ = ["CANARY", "CANARY_LENGTH", "Need", "Place", "Scenario", "TlsFault", "Variant", "scenarios"]


@cache
def scenarios() -> Mapping[str, Scenario]:
    """Give every scenario by its slug, in the order of the table."""
    from blastiq_conformance.scenarios.table import TABLE

    return {scenario.slug: scenario for scenario in TABLE}
