"""GitHub Actions: annotations for standard output, and a job summary of the size that is taken."""

from collections.abc import Iterator

from blastiq_conformance.report.shape import Model, ReportShape
from blastiq_conformance.writers import finding_text, markdown, reading
from blastiq_conformance.writers.text import number, shorten
from fake_idp.system.plain_text import plain

# GitHub shows ten of a kind for a step, and drops the rest silently (docs/problem-matchers.md of actions/toolkit).
_MOST = 10
_LONGEST_SUMMARY = 200 * 1024
_LONGEST = 2_000
_KINDS = {"error": "error", "warning": "warning", "info": "notice"}


def write(model: Model) -> str:
    """Write annotations: a verdict for each target, then the findings, errors first, at most ten of a kind."""
    reports = reading.targets(model)
    notes = [_verdict(name, report) for name, report in reports.items()]
    notes += [note for report in reports.values() for note in _findings(report)]
    shown: list[str] = []
    room = dict.fromkeys(_KINDS.values(), _MOST)
    for kind, note in notes:
        if room[kind]:
            room[kind] -= 1
            shown.append(note)
    return "".join(f"{note}\n" for note in shown)


def summary(model: Model) -> str:
    """Write the job summary: what the step appends to the file that GITHUB_STEP_SUMMARY names."""
    return markdown.write(model, longest=_LONGEST_SUMMARY)


def _verdict(name: str, report: ReportShape) -> tuple[str, str]:
    said = [report["meaning"], f"findings: {reading.found(report)}", f"rules: {reading.judged(report)}", report["text"]]
    if open_ := reading.blamed(report):
        said.append(f"{number(len(open_), 'binding rule')} open: {', '.join(map(reading.title, open_))}")
    if hosts := reading.also_called(report):
        said.append(f"called beside BlastIQ: {hosts}")
    kind = "notice" if report["exit_code"] == 0 else "error"
    head = f"BlastIQ {reading.VERDICTS[report['verdict']]}: {shorten(reading.subject(name, report), 120)}"
    return kind, _annotation(kind, "\n".join(part for part in said if part), title=head)


def _findings(report: ReportShape) -> Iterator[tuple[str, str]]:
    for group in finding_text.groups(report["results"]):
        if group.kind != "waived":
            kind, where = _KINDS[group.kind], reading.place(group.findings[0])
            places = {} if where is None else {"file": where.file, "line": str(where.line or 1)}
            parts = finding_text.six_parts(group, report)
            text = "\n".join(
                [group.findings[0]["message"], *(f"{name}: {said}".removeprefix(": ") for name, said in parts)]
            )
            yield kind, _annotation(kind, text, **places, title=reading.title(group.result))


def _annotation(kind: str, text: str, **properties: str) -> str:
    escaped = {name: _data(plain(value)).replace(":", "%3A").replace(",", "%2C") for name, value in properties.items()}
    given = ",".join(f"{name}={value}" for name, value in escaped.items())
    lines = "\n".join(plain(line) for line in shorten(text, _LONGEST).split("\n"))
    return f"::{kind} {given}::{_data(lines)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
