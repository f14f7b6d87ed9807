"""Waivers of reports on parts of one run, settled as if all scenarios had run at once."""

from collections.abc import Iterable, Sequence
from datetime import date

from blastiq_conformance.catalogue import Outcome, Result
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.shape import ReportShape, WaiverShape
from blastiq_conformance.report.verdict import NO_SCENARIO
from blastiq_conformance.report.waivers import State, Waiver, settle, text


def merged_waivers(shards: Iterable[ReportShape], results: dict[str, Result], today: date) -> dict[Waiver, WaiverShape]:
    """Settle each waiver anew, by what became of its rule in all parts together."""
    found = grouped((Waiver.read(told), told) for shard in shards for told in shard["waivers"])
    return {waiver: _settled(waiver, parts, results, today) for waiver, parts in found.items()}


def _settled(waiver: Waiver, parts: Sequence[WaiverShape], results: dict[str, Result], today: date) -> WaiverShape:
    awaits = sorted(frozenset.intersection(*(frozenset(part["awaits"]) for part in parts)))
    states = {State(part["state"]) for part in parts}
    if State.USED in states:
        outcomes = [Outcome.WAIVED]
    elif waiver.scenario:
        # The part that ran its scenario has settled it.
        outcomes = [Outcome.PASSED if State.STALE in states else Outcome.UNTESTED]
    else:
        result = results.get(waiver.rule)
        outcomes = [] if result is None or result.reason == NO_SCENARIO else [result.outcome]
    state = settle(waiver, outcomes, awaits, today)
    return {**parts[0], "state": str(state), "awaits": awaits, "text": text(waiver, state, awaits)}
