"""An in-toto Statement v1 with a test-result v0.1 predicate, unsigned: CI signs it with its own tools."""

from collections.abc import Mapping

from blastiq_conformance.report.shape import Model, ReportShape
from blastiq_conformance.writers import reading
from blastiq_conformance.writers.json import digest, dump

_REPORT = "blastiq-report.json"
# The predicate has no third outcome: a rule that is open and counts has failed.
_LISTS: Mapping[reading.Standing, str] = {
    "passed": "passedTests",
    "warned": "warnedTests",
    "failed": "failedTests",
    "open": "failedTests",
}


def write(model: Model) -> str:
    """Write the statement on what was judged; without named subjects, its subject is the JSON report itself."""
    reports = reading.targets(model)
    report_file = {"name": _REPORT, "digest": {"sha256": digest(model)}}
    builds = [
        {"name": subject["name"], "digest": subject["digest"]}
        for report in reports.values()
        for subject in report["subjects"]
    ]
    subjects = [each for index, each in enumerate(builds) if each not in builds[:index]]
    tests: dict[str, list[str]] = {kind: [] for kind in _LISTS.values()}
    for name, report in reports.items():
        for result, standing in reading.standings(report):
            if kind := _LISTS.get(standing):
                title = reading.title(result)
                tests[kind].append(title if len(reports) == 1 else f"{name}: {title}")
    codes = {report["exit_code"] for report in reports.values()}
    verdict = reading.worst_verdict(reports.values())
    warned = bool(tests["warnedTests"]) or verdict == "conforms-with-waivers"
    predicate: dict[str, object] = {
        "result": "FAILED" if codes != {0} else "WARNED" if warned else "PASSED",
        "configuration": [_configuration(name, report, report_file) for name, report in reports.items()],
        **tests,
    }
    return dump(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": subjects or [report_file],
            "predicateType": "https://in-toto.io/attestation/test-result/v0.1",
            "predicate": predicate,
        }
    )


def _configuration(name: str, report: ReportShape, file: Mapping[str, object]) -> Mapping[str, object]:
    """Describe by which rules a target was judged."""
    tool = report["tool"]
    return {
        "name": f"{tool['name']} {tool['version']}",
        "digest": {"sha256": tool["rules"]["digest"].removeprefix("sha256:")},
        "annotations": {
            "target": name,
            "report": file,
            "profile": report["profile"],
            "edition": tool["rules"]["edition"],
            "verdict": report["verdict"],
            "counts": report["counts"],
            "scenarios": [scenario["scenario"] for scenario in report["scenarios"]],
            "files": report["files"],
            "other_hosts": report["other_hosts"],
        },
    }
