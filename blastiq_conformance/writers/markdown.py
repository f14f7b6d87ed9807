"""Markdown in the size of a pull-request comment: verdict, three lines, findings, what stayed open."""

import re

from blastiq_conformance.report.shape import HeadlineShape, Model, ReportShape
from blastiq_conformance.writers import finding_text, reading
from blastiq_conformance.writers.markup import prose, unlinked
from blastiq_conformance.writers.page import render_markdown
from blastiq_conformance.writers.sequence import Diagram, diagrams, pinned
from blastiq_conformance.writers.text import shorten
from fake_idp.system.plain_text import plain

# GitHub refuses a comment of more than 65,536 characters.
_LONGEST = 60_000
# Parts that are our own words; the others quote traffic or can be copied.
_PROSE = frozenset({"seen", "waived", "expected", "why", "source", "fix", ""})
_MARKS = {
    "conforms": "✅",
    "conforms-with-waivers": "☑️",
    "violates": "❌",
    "incomplete": "⚠️",
    "not-run": "⛔",
    "error": "⛔",
}
_OUTCOME_MARKS = {"passed": "✅", "failed": "❌", "waived": "☑️", "cant_tell": "❔", "untested": "❔"}
_KIND_MARKS = {"error": "❌", "warning": "⚠️", "info": "🔹", "waived": "☑️"}


def write(model: Model, *, longest: int = _LONGEST) -> str:
    """Write the reports in so many bytes: findings without room are told in a line, or counted at the end."""
    reports = reading.targets(model)
    share = longest // len(reports)
    text = "\n\n".join(_report(name, report, share - 2) for name, report in reports.items()) + "\n"
    if len(text.encode()) <= longest:
        return text
    # So many targets that not even their heads have room.
    lines = [f"- {_verdict(report)}: {prose(shorten(name, 200))}" for name, report in reports.items()]
    return _fitting(lines, longest - 100, "targets") + "\n"


def _report(name: str, report: ReportShape, longest: int) -> str:
    head, tail = _head(name, report, longest // 4), _tail(report)
    groups = finding_text.groups(report["results"])
    lines = [_headline(group, index) for index, group in enumerate(groups, start=1)]
    room = longest - 100 - len(head.encode()) - len(tail.encode()) - 4
    findings: list[str] = []
    left = room - sum(len(line.encode()) + 3 for line in lines)
    for group, line in zip(groups, lines, strict=True):
        parts = finding_text.six_parts(group, report)
        finding = render_markdown("finding.md", headline=line, parts=parts, prose=_PROSE).rstrip("\n")
        left -= len(finding.encode()) - len(line.encode())
        if left < 0:
            break
        findings.append(finding)
    rest = [f"- {line}" for line in lines[len(findings) :]]
    if rest:
        room -= sum(len(finding.encode()) + 2 for finding in findings)
        findings.append(_fitting(rest, room, "findings"))
    return "\n\n".join((head, *findings, tail))


def _fitting(lines: list[str], longest: int, what: str) -> str:
    kept: list[str] = []
    for line in lines:
        longest -= len(line.encode()) + 1
        if longest < 0:
            return "\n".join([*kept, f"- … and {len(lines) - len(kept)} more {what}: see the JSON report"])
        kept.append(line)
    return "\n".join(kept)


def _head(name: str, report: ReportShape, longest: int) -> str:
    head = render_markdown("head.md", name=name, report=report, verdict=_verdict, marked_outcome=_marked_outcome)
    drawn = [mermaid(diagram) for diagram in diagrams(report, pinned(report))[:1]]
    # A picture is left out before a finding is.
    return "\n\n".join([head.rstrip("\n"), *(part for part in drawn if len(part) <= longest)])


def mermaid(diagram: Diagram) -> str:
    """Draw it as a Mermaid block, which GitHub and GitLab draw; what a client sent stays text in it."""
    return render_markdown("mermaid.md", diagram=diagram).rstrip("\n")


def _tail(report: ReportShape) -> str:
    hosts = reading.also_called(report)
    remarks = [*([f"called beside BlastIQ: {hosts}"] if hosts else []), *reading.remarks(report)]
    open_ = [result for result in report["results"] if reading.is_open(result)]
    return render_markdown("tail.md", report=report, remarks=remarks, open=open_).rstrip("\n")


def _verdict(report: ReportShape) -> str:
    return f"{_MARKS[report['verdict']]} BlastIQ: {reading.VERDICTS[report['verdict']]}"


def _marked_outcome(line: HeadlineShape) -> str:
    outcome = line["outcome"]
    mark = _KIND_MARKS.get(line["severity"] or "") if outcome == "failed" else None
    return f"{mark or _OUTCOME_MARKS.get(outcome, '')} {reading.OUTCOMES[outcome]}"


def _headline(group: finding_text.Group, index: int) -> str:
    """Say number, rule, level and message in a line of HTML, which Markdown takes as it is.

    The picture names findings by that number.
    """
    result, message = group.result, plain(shorten(group.findings[0]["message"], 300))
    mark = _KIND_MARKS[group.kind]
    return unlinked(f"{mark} <b>{index} {_html(reading.title(result))}</b> {_html(result['level'])}: {_html(message)}")


def _html(text: str) -> str:
    """Escape for HTML within Markdown, whose own markup would be seen too."""
    return re.sub(r"[^\w\s.,:;/@#-]|_", lambda match: f"&#x{ord(match[0]):x};", text)
