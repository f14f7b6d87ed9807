"""One HTML page for a reviewer: it needs no script and no other file, and suits print and screen readers."""

from collections.abc import Iterable, Iterator

from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.families import family, gravest
from blastiq_conformance.report.shape import Model, ReportShape
from blastiq_conformance.writers import finding_text, reading
from blastiq_conformance.writers.card import card
from blastiq_conformance.writers.json import digest
from blastiq_conformance.writers.library import near_first
from blastiq_conformance.writers.page import render, render_part
from blastiq_conformance.writers.sequence import diagrams, pinned

# Bytes for the findings of all targets; the page stays under five million bytes.
_ROOM = 4_000_000
# Outcomes that a reader looks for; what passed and what did not apply is folded.
_OPEN = ("failed", "cant_tell", "untested", "waived")


def write(model: Model) -> str:
    """Write the page, one target after the other."""
    reports = reading.targets(model)
    room = _ROOM // len(reports)
    return render(
        "report.html",
        parts=[_part(number, *pair, room) for number, pair in enumerate(reports.items(), start=1)],
        digest=digest(model),
        verdict=reading.worst_verdict(reports.values()),
    )


def _part(number: int, name: str, report: ReportShape, room: int) -> dict[str, object]:
    """Give the page's part on one target: `linked` are the rules with a finding on it, `missing` ones did not fit."""
    groups = finding_text.groups(report["results"])
    findings = list(_findings(number, report, groups, room))
    linked = {rule for rule, _ in findings}
    pins = pinned(report)
    drawn = diagrams(report, pins)
    passed = grouped((family(each["rule"]), each) for each in report["results"] if each["outcome"] == "passed")
    found = {
        (finding["scenario"], family(result["rule"])): result["rule"]
        for result in reversed(report["results"])
        for finding in result["findings"]
        if result["rule"] in linked
    }
    return {
        "name": name,
        "report": report,
        "findings": [finding for _, finding in findings],
        "missing": len(groups) - len(findings),
        "card": card(report, pins),
        "diagrams": drawn,
        "runs": grouped((diagram.scenario, (index, diagram)) for index, diagram in enumerate(drawn[1:], start=1)),
        # In order, those that had something to judge in any scenario.
        "families": list(gravest(row["families"] for row in report["scenarios"])),
        "found": found,
        "drawn": {diagram.scenario: index for index, diagram in reversed([*enumerate(drawn)])},
        "linked": linked,
        "open": [result for outcome in _OPEN for result in report["results"] if result["outcome"] == outcome],
        "passed": passed,
    }


def _findings(
    number: int, report: ReportShape, groups: Iterable[finding_text.Group], room: int
) -> Iterator[tuple[str, str]]:
    """Give the findings for which there is room, each with its rule."""
    told: dict[str, list[tuple[str, str]]] = {}
    for index, group in enumerate(groups, start=1):
        rule, fixes, shown = group.result["rule"], group.result["fixes"], group.findings[0]["shown"]
        known = told.get(rule, [])
        # What the rule's finding above has said already is not said again.
        parts = [x for x in finding_text.six_parts(group, report) if x[0] in finding_text.OWN or x not in known]
        near, others = near_first(fixes, report, shown)
        finding = render_part(
            "finding.html",
            group=group,
            parts=parts,
            anchor="" if rule in told else f"t{number}-{rule}",
            exchange=None if shown is None else report["exchanges"][shown],
            index=index,
            place=f"t{number}-n{index}",
            # Of a library that nobody knows all are folded.
            near=near if others else {},
            others={name: fix for name, fix in fixes.items() if name not in near or not others},
        )
        room -= len(finding.encode())
        if room < 0:
            return
        yield rule, finding
        told[rule] = known + parts
