"""One HTML page for a reviewer: it needs no script and no other file, and suits print and screen readers."""

from collections.abc import Callable, Mapping, Sequence

from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.families import family
from blastiq_conformance.report.shape import Model, ReportShape, ResultShape
from blastiq_conformance.writers import finding_text
from blastiq_conformance.writers.card import card
from blastiq_conformance.writers.json import digest
from blastiq_conformance.writers.library import near_first
from blastiq_conformance.writers.matrix import matrix
from blastiq_conformance.writers.page import render, render_part
from blastiq_conformance.writers.reading import targets, worst_verdict
from blastiq_conformance.writers.scope import not_run
from blastiq_conformance.writers.sequence import diagrams, pinned

# Bytes for the findings of all targets; the page stays under five million bytes.
_ROOM = 4_000_000
_MOST_FILES = 100
# Outcomes that a reader looks for; what passed and what did not apply is folded.
_OPEN = ("failed", "cant_tell", "untested", "waived")


def write(model: Model) -> str:
    """Write the page, one target after the other."""
    reports = targets(model)
    room = _ROOM // len(reports)
    return render(
        "report.html",
        parts=[_part(number, *pair, room) for number, pair in enumerate(reports.items(), start=1)],
        digest=digest(model),
        verdict=worst_verdict(reports.values()),
        most_files=_MOST_FILES,
        not_run=not_run,
    )


def _part(number: int, name: str, report: ReportShape, room: int) -> dict[str, object]:
    """Give the page's part on one target: `linked` are the rules with a finding on it, `missing` ones did not fit."""
    groups = finding_text.groups(report["results"])
    findings: list[str] = []
    told: dict[str, list[tuple[str, str]]] = {}
    for index, group in enumerate(groups, start=1):
        rule = group.result["rule"]
        known = told.get(rule, [])
        # What the rule's finding above has said already is not said again.
        parts = [x for x in finding_text.six_parts(group, report) if x[0] in finding_text.OWN or x not in known]
        anchor = "" if rule in told else f"t{number}-{rule}"
        finding = _finding(group, report, parts, anchor=anchor, index=index, place=f"t{number}-n{index}")
        room -= len(finding.encode())
        if room < 0:
            break
        findings.append(finding)
        told[rule] = known + parts
    pins = pinned(report)
    drawn = diagrams(report, pins)
    return {
        "name": name,
        "report": report,
        "findings": findings,
        "missing": len(groups) - len(findings),
        "card": card(report, pins),
        "diagrams": drawn,
        "runs": grouped((diagram.scenario, (index, diagram)) for index, diagram in enumerate(drawn[1:], start=1)),
        "matrix": matrix(report, drawn, told.keys()),
        "linked": told.keys(),
        "open": [result for outcome in _OPEN for result in report["results"] if result["outcome"] == outcome],
        "passed": _gathered(report, "passed", lambda result: family(result["rule"])),
        "inapplicable": _gathered(report, "inapplicable", lambda result: result["reason"]),
    }


def _finding(
    group: finding_text.Group,
    report: ReportShape,
    parts: Sequence[tuple[str, str]],
    *,
    anchor: str,
    index: int,
    place: str,
) -> str:
    shown = group.findings[0]["shown"]
    exchange = None if shown is None else report["exchanges"][shown]
    near, others = near_first(group.result["fixes"], report, shown)
    return render_part(
        "finding.html",
        group=group,
        parts=parts,
        anchor=anchor,
        exchange=exchange,
        index=index,
        place=place,
        # Of a library that nobody knows all are folded.
        near=near if others else {},
        others={name: fix for name, fix in group.result["fixes"].items() if name not in near or not others},
    )


def _gathered(report: ReportShape, outcome: str, key: Callable[[ResultShape], str]) -> Mapping[str, list[ResultShape]]:
    return grouped((key(result), result) for result in report["results"] if result["outcome"] == outcome)
