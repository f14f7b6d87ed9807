"""One HTML page for a reviewer: it needs no script and no other file, and suits print and screen readers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from blastiq_conformance.report.families import family
from blastiq_conformance.report.grouping import grouped
from blastiq_conformance.report.shape import Model, ReportShape, ResultShape
from blastiq_conformance.writers import finding_text
from blastiq_conformance.writers.card import Card, card
from blastiq_conformance.writers.json import digest
from blastiq_conformance.writers.library import near_first
from blastiq_conformance.writers.matrix import Line, matrix
from blastiq_conformance.writers.page import render, render_part
from blastiq_conformance.writers.reading import targets, worst_verdict
from blastiq_conformance.writers.scope import not_played
from blastiq_conformance.writers.sequence import Diagram, diagrams, pinned

# Bytes for the findings of all targets; the page stays under five million bytes.
_ROOM = 4_000_000
_MOST_FILES = 100
# Outcomes that a reader looks for; what passed and what did not apply is folded.
_OPEN = ("failed", "cant_tell", "untested", "waived")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The page's part on one target: `linked` are the rules with a finding on it, `missing` findings had no room.

    `plays` are the diagrams after the first, by scenario, each with its number.
    """

    name: str
    report: ReportShape
    findings: list[str]
    linked: frozenset[str]
    missing: int
    card: Card | None
    diagrams: list[Diagram]
    plays: Mapping[str, list[tuple[int, Diagram]]]
    matrix: list[Line]
    open: list[ResultShape]
    passed: Mapping[str, list[ResultShape]]
    inapplicable: Mapping[str, list[ResultShape]]


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
        not_played=not_played,
    )


def _part(number: int, name: str, report: ReportShape, room: int) -> Part:
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
    plays: dict[str, list[tuple[int, Diagram]]] = {}
    for index, diagram in enumerate(drawn[1:], start=1):
        plays.setdefault(diagram.scenario, []).append((index, diagram))
    return Part(
        name=name,
        report=report,
        findings=findings,
        linked=frozenset(told),
        missing=len(groups) - len(findings),
        card=card(report, pins),
        diagrams=drawn,
        plays=plays,
        matrix=matrix(report, drawn, told.keys()),
        open=[result for outcome in _OPEN for result in report["results"] if result["outcome"] == outcome],
        passed=_gathered(report, "passed", lambda result: family(result["rule"])),
        inapplicable=_gathered(report, "inapplicable", lambda result: result["reason"]),
    )


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
