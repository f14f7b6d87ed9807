"""One HTML page for a reviewer: it needs no script and no other file, and reads well on paper and by ear."""

from dataclasses import dataclass

from blastiq_conformance.report.shape import Model, ReportShape
from blastiq_conformance.writers import finding_text
from blastiq_conformance.writers.json import digest
from blastiq_conformance.writers.page import render, render_part
from blastiq_conformance.writers.reading import OUTCOMES, targets, worst_verdict

# Findings of all targets together; the page stays under five million bytes.
_ROOM = 4_000_000
_MOST_FILES = 100
# What a reviewer looks for first comes first.
_FILTERS = ("failed", "cant_tell", "untested", "waived", "passed", "inapplicable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What the page shows of one target: `linked` are the rules with a finding on it, `missing` had no room."""

    name: str
    report: ReportShape
    findings: list[str]
    linked: frozenset[str]
    missing: int
    filters: list[tuple[str, str, int]]


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
    )


def _part(number: int, name: str, report: ReportShape, room: int) -> Part:
    groups = finding_text.groups(report["results"])
    findings: list[str] = []
    linked: set[str] = set()
    for group in groups:
        rule = group.result["rule"]
        finding = _finding(group, report, anchor="" if rule in linked else f"t{number}-{rule}")
        room -= len(finding.encode())
        if room < 0:
            break
        findings.append(finding)
        linked.add(rule)
    return Part(
        name=name,
        report=report,
        findings=findings,
        linked=frozenset(linked),
        missing=len(groups) - len(findings),
        filters=_filters(report),
    )


def _finding(group: finding_text.Group, report: ReportShape, *, anchor: str) -> str:
    shown = group.findings[0]["shown"]
    exchange = None if shown is None else report["exchanges"][shown]
    return render_part("finding.html", group=group, report=report, anchor=anchor, exchange=exchange)


def _filters(report: ReportShape) -> list[tuple[str, str, int]]:
    outcomes = [result["outcome"] for result in report["results"]]
    return [(key, OUTCOMES[key], outcomes.count(key)) for key in _FILTERS if key in outcomes]
