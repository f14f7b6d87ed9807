"""Markdown in the size of a pull-request comment: verdict, three lines, findings, what stayed open."""

from collections.abc import Iterable, Iterator
from html import escape

from blastiq_conformance.report_shape import HeadlineShape, Model, ReportShape, ResultShape, WaiverShape
from blastiq_conformance.writers import finding_text
from blastiq_conformance.writers.finding_text import six_parts
from blastiq_conformance.writers.markup import block, code, details, prose, table, unlinked
from blastiq_conformance.writers.reading import (
    OUTCOMES,
    VERDICTS,
    found,
    is_open,
    judged,
    number,
    seen,
    subject,
    targets,
    title,
)
from blastiq_conformance.writers.text import plain, shorten

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
_SEVERITY_MARKS = {"error": "❌", "warning": "⚠️", "info": "🔹"}


def write(model: Model, *, longest: int = _LONGEST) -> str:
    """Write the reports, no longer than so many bytes: findings that have no room are counted."""
    reports = targets(model)
    share = longest // len(reports)
    parts = [_within(list(_parts(name, report)), share) for name, report in reports.items()]
    text = "\n\n".join(parts) + "\n"
    if len(text.encode()) <= longest:
        return text
    # So many targets that not even their heads have room.
    rows = [(prose(name), _verdict(report), prose(report["meaning"])) for name, report in reports.items()]
    return _within([table(("target", "verdict", "meaning"), [row]) for row in rows], longest - 1) + "\n"


def _within(parts: list[str], longest: int) -> str:
    """Keep parts from the first on, as many as have room."""
    kept: list[str] = []
    room = longest - 80
    for part in parts:
        room -= len(part.encode()) + 2
        if room < 0:
            kept.append(f"… and {len(parts) - len(kept)} more parts: see the whole report")
            break
        kept.append(part)
    return "\n\n".join(kept)


def _parts(name: str, report: ReportShape) -> Iterator[str]:
    yield f"## {_verdict(report)}"
    yield f"{code(shorten(subject(name, report), 200))}, profile {prose(report['profile'])}"
    yield f"**Exit {report['exit_code']}**: {prose(report['meaning'])}"
    if report["text"]:
        yield block(report["text"])
    if report["results"]:
        lines = ((_line_mark(line), prose(line["title"]), prose(seen(line))) for line in report["headlines"])
        yield table(("outcome", "always shown", "seen"), lines)
        yield f"Findings: {found(report)}. Rules: {judged(report)}."
    groups = finding_text.groups(report["results"])
    for group in groups:
        yield _finding(group, report)
    if report["waivers"]:
        yield waivers(report["waivers"])
    if open_ := [result for result in report["results"] if is_open(result)]:
        yield details(f"{number(len(open_), 'rule')} could not be judged", open_rules(open_))
    remarks = [*report["notes"], *([f"left out: {', '.join(report['left_out'])}"] if report["left_out"] else [])]
    if remarks:
        yield "\n".join(f"- {prose(remark)}" for remark in remarks)
    tool = report["tool"]
    yield f"<sub>{prose(tool['name'])} {prose(tool['version'])}, {tool['rules']['count']} rules; secrets redacted</sub>"


def _verdict(report: ReportShape) -> str:
    return f"{_MARKS[report['verdict']]} BlastIQ: {VERDICTS[report['verdict']]}"


def _line_mark(line: HeadlineShape) -> str:
    outcome = line["outcome"]
    mark = _SEVERITY_MARKS.get(line["severity"] or "") if outcome == "failed" else None
    return f"{mark or _OUTCOME_MARKS.get(outcome, '')} {OUTCOMES[outcome]}"


def _finding(group: finding_text.Group, report: ReportShape) -> str:
    result, finding = group.result, group.findings[0]
    mark = "☑️" if group.waived else _SEVERITY_MARKS[group.severity]
    rows = [(name, prose(text) if name in _PROSE else code(text)) for name, text in six_parts(group, report) if text]
    head = f"{mark} <b>{escape(title(result))}</b> {escape(result['level'])}: {escape(plain(finding['message']))}"
    return details(unlinked(head), table(("", ""), rows))


def waivers(given: Iterable[WaiverShape]) -> str:
    """Give the waivers as a table."""
    rows = ((code(w["rule"]), w["state"], prose(w["reason"]), prose(w["owner"]), w["expires"]) for w in given)
    return table(("waiver", "state", "reason", "owner", "until"), rows)


def open_rules(results: Iterable[ResultShape]) -> str:
    """Give rules that could not be judged as a table, each with the reason."""
    rows = ((code(title(r)), r["level"], OUTCOMES[r["outcome"]], prose(r["reason"])) for r in results)
    return table(("rule", "level", "outcome", "why it stayed open"), rows)
