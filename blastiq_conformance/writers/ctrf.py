"""CTRF, the Common Test Report Format: a test per rule, in a suite per target and family."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from blastiq_conformance.report.families import family
from blastiq_conformance.report.shape import Model, ReportShape, ResultShape
from blastiq_conformance.writers import reading
from blastiq_conformance.writers.json import digest, dump
from blastiq_conformance.writers.rule_block import finding_block
from fake_idp.system.plain_text import tame

_STATUSES = ("passed", "failed", "skipped", "pending", "other")
_STATUS: Mapping[reading.Standing, str] = {"warned": "passed", "open": "failed"}


def write(model: Model) -> str:
    """Write the reports of all targets as one run."""
    reports = reading.targets(model)
    tests = [test for name, report in reports.items() for test in _tests(name, report)]
    statuses = [str(test["status"]) for test in tests]
    tool = next(iter(reports.values()))["tool"]
    times = [time for report in reports.values() for time in reading.moments(report)]
    summary: dict[str, object] = {"tests": len(tests)}
    summary |= {status: statuses.count(status) for status in _STATUSES}
    summary |= {"start": min(map(_stamp, times), default=0), "stop": max(map(_stamp, times), default=0)}
    results = {
        "tool": {"name": tool["name"], "version": tool["version"]},
        "summary": summary,
        "tests": tests,
        "extra": {"digest": f"sha256:{digest(model)}", "reports": [_report(*pair) for pair in reports.items()]},
    }
    return dump({"reportFormat": "CTRF", "specVersion": "0.0.0", "generatedBy": tool["name"], "results": results})


def _tests(target: str, report: ReportShape) -> Iterator[Mapping[str, object]]:
    for result, standing in reading.standings(report):
        yield _test(target, report, result, _STATUS.get(standing, standing))
    if report["verdict"] in reading.STOPPED:
        name, text = report["verdict"], tame(report["text"] or report["meaning"])
        shown = {"name": name, "status": "failed", "duration": 0, "suite": ["blastiq", target]}
        yield {**shown, "rawStatus": name, "message": text}


def _test(target: str, report: ReportShape, result: ResultShape, status: str) -> Mapping[str, object]:
    tags = [result["level"], *sorted(reading.severities(result))]
    made: dict[str, object] = {
        "name": reading.title(result),
        "status": status,
        "duration": 0,
        "suite": ["blastiq", target, family(result["rule"])],
        "rawStatus": result["outcome"],
        "tags": tags,
        "type": "conformance",
    }
    messages = [result["findings"][entry["findings"][0]]["message"] for entry in result["entries"]]
    if said := "\n".join(messages) or result["reason"]:
        made["message"] = tame(said)
    if text := "\n".join(filter(None, (finding_block(result, report, errors=errors) for errors in (True, False)))):
        made["trace"] = tame(text)
    where = reading.place(result["findings"][0]) if result["findings"] else None
    if where:
        made["filePath"] = tame(where.file)
        if where.line:
            made["line"] = where.line
    return made


def _report(target: str, report: ReportShape) -> Mapping[str, object]:
    names = ("profile", "verdict", "exit_code", "meaning", "counts", "other_hosts")
    return {"target": target, **{name: report[name] for name in names}}  # type: ignore[literal-required]  # mypy loses the literals in the loop


def _stamp(time: str) -> int:
    try:
        return max(0, int(datetime.fromisoformat(time).timestamp() * 1000))
    except ValueError:
        return 0
