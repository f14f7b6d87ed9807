"""Waivers of reports on parts of one run, settled as if all had been played at once."""

from collections.abc import Iterable, Sequence
from datetime import date

from blastiq_conformance.catalogue import Outcome, Result
from blastiq_conformance.report.grouping import grouped
from blastiq_conformance.report.shape import ReportShape, WaiverShape
from blastiq_conformance.report.verdict import NOT_PLAYED
from blastiq_conformance.report.waivers import State, Waiver, settle, text

Key = tuple[str, str, str, str, str]


def key_of(waiver: WaiverShape) -> Key:
    """Give what makes a waiver the same in two reports."""
    return waiver["rule"], waiver["scenario"], waiver["reason"], waiver["owner"], waiver["expires"]


def merged_waivers(shards: Iterable[ReportShape], results: dict[str, Result], today: date) -> dict[Key, WaiverShape]:
    """Settle each waiver anew, by what became of its rule in all parts together."""
    found = grouped((key_of(waiver), waiver) for shard in shards for waiver in shard["waivers"])
    return {key: _settled(parts, results, today) for key, parts in found.items()}


def _settled(parts: Sequence[WaiverShape], results: dict[str, Result], today: date) -> WaiverShape:
    first = parts[0]
    waiver = Waiver(
        rule=first["rule"],
        scenario=first["scenario"],
        reason=first["reason"],
        owner=first["owner"],
        expires=date.fromisoformat(first["expires"]),
    )
    awaits = sorted(frozenset.intersection(*(frozenset(part["awaits"]) for part in parts)))
    states = {State(part["state"]) for part in parts}
    if State.USED in states:
        outcomes = [Outcome.WAIVED]
    elif waiver.scenario:
        # Whoever played its scenario has settled it.
        outcomes = [Outcome.PASSED if State.STALE in states else Outcome.UNTESTED]
    else:
        result = results.get(waiver.rule)
        outcomes = [] if result is None or result.reason == NOT_PLAYED else [result.outcome]
    state = settle(waiver, outcomes, awaits, today)
    return {**first, "state": str(state), "awaits": awaits, "text": text(waiver, state, awaits)}
