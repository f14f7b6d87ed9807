"""Entries, which a reader reads once: findings of a rule with one cause, and the scenarios that showed them."""

import re
from collections.abc import Sequence

from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.shape import EntryShape, FindingShape, SeenShape

# Each scenario has its own credentials and ports, so the number of a placeholder makes no difference.
_NUMBER = re.compile(r"(<[a-z_]+):\d+|\b\d{4,}\b")


def entries(findings: Sequence[FindingShape]) -> list[EntryShape]:
    """Group findings of one rule by what they blame: one entry for each cause, however often it was seen."""
    found = grouped(
        ((x["severity"], x["waiver"], x["parameter"], _NUMBER.sub(r"\1", x["message"])), index)
        for index, x in enumerate(findings)
    )
    return [_entry([findings[index] for index in indexes], indexes) for indexes in found.values()]


def received(findings: Sequence[FindingShape]) -> list[FindingShape]:
    """Give the first finding of each kind of traffic: findings that differ only in numbers are one kind."""
    first: dict[str, FindingShape] = {}
    for finding in findings:
        first.setdefault(_NUMBER.sub(r"\1", finding["received"]), finding)
    return list(first.values())


def _entry(findings: Sequence[FindingShape], indexes: list[int]) -> EntryShape:
    first = findings[0]
    return {
        "severity": first["severity"],
        "parameter": first["parameter"],
        "message": first["message"],
        "waiver": first["waiver"],
        "findings": indexes,
        "seen": _seen(findings),
    }


def _seen(findings: Sequence[FindingShape]) -> list[SeenShape]:
    places = grouped((x["scenario"] or ("" if x["source"] == "run" else x["source"]), x["variant"]) for x in findings)
    return [
        {"place": place, "variants": list(filter(None, dict.fromkeys(variants))), "count": len(variants)}
        for place, variants in places.items()
    ]
