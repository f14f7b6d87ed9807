"""Markdown in the size of a pull-request comment: verdict, three lines, findings, what stayed open."""

import re
from collections.abc import Iterable, Iterator

from blastiq_conformance.report.shape import HeadlineShape, Model, ReportShape, ResultShape, WaiverShape
from blastiq_conformance.writers import finding_text, mermaid, reading
from blastiq_conformance.writers.finding_text import six_parts
from blastiq_conformance.writers.markup import block, code, details, prose, table, unlinked
from blastiq_conformance.writers.sequence import diagrams, pinned
from blastiq_conformance.writers.text import number, shorten
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
    head, tail = list(_head(name, report, longest // 4)), list(_tail(report))
    groups = finding_text.groups(report["results"])
    lines = [_headline(group, index) for index, group in enumerate(groups, start=1)]
    room = longest - 100 - sum(len(part.encode()) + 2 for part in (*head, *tail))
    findings: list[str] = []
    left = room - sum(len(line.encode()) + 3 for line in lines)
    for group, line in zip(groups, lines, strict=True):
        finding = _finding(group, report, line)
        left -= len(finding.encode()) - len(line.encode())
        if left < 0:
            break
        findings.append(finding)
    rest = [f"- {line}" for line in lines[len(findings) :]]
    if rest:
        room -= sum(len(finding.encode()) + 2 for finding in findings)
        findings.append(_fitting(rest, room, "findings"))
    return "\n\n".join((*head, *findings, *tail))


def _fitting(lines: list[str], longest: int, what: str) -> str:
    kept: list[str] = []
    for line in lines:
        longest -= len(line.encode()) + 1
        if longest < 0:
            return "\n".join([*kept, f"- … and {len(lines) - len(kept)} more {what}: see the JSON report"])
        kept.append(line)
    return "\n".join(kept)


def _head(name: str, report: ReportShape, longest: int) -> Iterator[str]:
    covered = reading.coverage(report)
    yield f"## {_verdict(report)}{f' ({covered})' if covered else ''}"
    yield (
        f"{code(shorten(reading.subject(name, report), 200))}, profile {prose(report['profile'])}, "
        f"{code(shorten(reading.about(report, 16), 400)) if report['subjects'] else reading.about(report)}"
    )
    yield f"**Exit {report['exit_code']}**: {prose(report['meaning'])}"
    if report["text"]:
        yield block(shorten(report["text"], 2_000))
    if report["results"]:
        lines = ((_line_mark(line), prose(line["title"]), prose(reading.seen(line))) for line in report["headlines"])
        yield table(("outcome", "always shown", "seen"), lines)
        yield f"Findings: {reading.found(report)}. Rules: {reading.judged(report)}."
    drawn = [mermaid.block(diagram) for diagram in diagrams(report, pinned(report))[:1]]
    # A picture is left out before a finding is.
    yield from (part for part in drawn if len(part) <= longest)


def _tail(report: ReportShape) -> Iterator[str]:
    if report["waivers"]:
        yield _waivers(report["waivers"])
    if open_ := [result for result in report["results"] if reading.is_open(result)]:
        yield details(f"{number(len(open_), 'rule')} could not be judged", _open_rules(open_))
    remarks = reading.remarks(report)
    if hosts := reading.also_called(report):
        remarks.insert(0, f"called beside BlastIQ: {hosts}")
    if remarks:
        yield "\n".join(f"- {prose(shorten(remark, 600))}" for remark in remarks[:20])
    tool = report["tool"]
    yield (
        f"<sub>{prose(tool['name'])} {prose(tool['version'])}, {tool['rules']['count']} rules, "
        f"edition {prose(tool['rules']['edition'])}; secrets redacted</sub>"
    )


def _verdict(report: ReportShape) -> str:
    return f"{_MARKS[report['verdict']]} BlastIQ: {reading.VERDICTS[report['verdict']]}"


def _line_mark(line: HeadlineShape) -> str:
    outcome = line["outcome"]
    mark = _KIND_MARKS.get(line["severity"] or "") if outcome == "failed" else None
    return f"{mark or _OUTCOME_MARKS.get(outcome, '')} {reading.OUTCOMES[outcome]}"


def _finding(group: finding_text.Group, report: ReportShape, headline: str) -> str:
    rows = [(name, prose(text) if name in _PROSE else code(text)) for name, text in six_parts(group, report) if text]
    return details(headline, table(("", ""), rows))


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


def _waivers(given: Iterable[WaiverShape]) -> str:
    """Give the waivers as a table."""
    rows = ((code(w["rule"]), w["state"], prose(w["reason"]), prose(w["owner"]), prose(w["expires"])) for w in given)
    return table(("waiver", "state", "reason", "owner", "until"), rows)


def _open_rules(results: Iterable[ResultShape]) -> str:
    """Give rules that could not be judged as a table, each with the reason."""
    rows = ((code(reading.title(r)), r["level"], reading.OUTCOMES[r["outcome"]], prose(r["reason"])) for r in results)
    return table(("rule", "level", "outcome", "why it stayed open"), rows)
