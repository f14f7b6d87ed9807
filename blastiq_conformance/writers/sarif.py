"""SARIF 2.1.0 for code scanning and editors: a rule for each of ours, a result for each finding, on its line."""

import hashlib
from collections.abc import Iterator, Mapping

from blastiq_conformance.report.families import family
from blastiq_conformance.report.shape import FindingShape, Model, ReportShape, ResultShape
from blastiq_conformance.writers import finding_text, reading
from blastiq_conformance.writers.json import digest, dump
from fake_idp.system.plain_text import tame

# GitHub accepts no more results of one run ("About code scanning limits on SARIF results" in its documentation).
MOST_RESULTS = 25_000
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_HERE = "blastiq.toml"


def write(model: Model) -> str:
    """Write one run for all targets: GitHub allows twenty runs, and takes two alike for one."""
    reports = reading.targets(model)
    rules = {result["rule"]: result for report in reports.values() for result in report["results"]}
    ids = sorted(rules)
    found = [pair for name, report in reports.items() for pair in _results(name, report, ids)]
    found.sort(key=lambda pair: pair[0])
    tool = next(iter(reports.values()))["tool"]
    driver = {
        "name": "BlastIQ Conformance Kit",
        "version": tool["version"],
        "semanticVersion": tool["version"],
        "rules": [_rule(rules[rule]) for rule in ids],
    }
    notes = [_note("warning", f"{len(found) - MOST_RESULTS} results have no room")] if found[MOST_RESULTS:] else []
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "blastiq/"},
        "invocations": [_invocation(report, notes) for report in reports.values()],
        "results": [result for _, result in found[:MOST_RESULTS]],
        "columnKind": "unicodeCodePoints",
        "properties": {
            "digest": f"sha256:{digest(model)}",
            "reports": [_summary(name, report) for name, report in reports.items()],
        },
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return dump({"$schema": schema, "version": "2.1.0", "runs": [run]})


def _rule(result: ResultShape) -> Mapping[str, object]:
    fixes = [f"{library}: {how}" for library, how in result["fixes"].items()]
    sources = finding_text.sources(result["references"])
    help_text = "\n\n".join([result["why"], result["instead"], *fixes, f"Sources: {sources}"])
    return {
        "id": result["rule"],
        "name": result["name"],
        "shortDescription": {"text": tame(result["title"])},
        "fullDescription": {"text": tame(result["why"])},
        "help": {"text": tame(help_text)},
        "defaultConfiguration": {"level": _LEVELS[result["severity"]]},
        "properties": {
            "tags": ["blastiq", family(result["rule"]), result["level"].replace(" ", "-").lower()],
            "precision": "very-high",
        },
    }


def _results(target: str, report: ReportShape, ids: list[str]) -> Iterator[tuple[int, Mapping[str, object]]]:
    for result in report["results"]:
        for finding in result["findings"]:
            rank = list(_LEVELS).index(finding["severity"]) + len(_LEVELS) * (finding["waiver"] is not None)
            yield rank, _result(target, report, result, finding, ids.index(result["rule"]))


def _result(
    target: str, report: ReportShape, result: ResultShape, finding: FindingShape, index: int
) -> Mapping[str, object]:
    said = {
        "": finding["message"],
        "Received: ": finding["received"],
        "Expected: ": finding["expected"],
        "Fix: ": finding["fix"],
        "Again: ": finding["reproduce"],
    }
    made: dict[str, object] = {
        "ruleId": result["rule"],
        "ruleIndex": index,
        "level": _LEVELS[finding["severity"]],
        "message": {"text": tame("\n".join(label + text for label, text in said.items() if text))},
        "locations": [_location(finding)],
        "partialFingerprints": {
            "requirement/v1": _fingerprint(result["rule"], target),
            "primaryLocationLineHash": _fingerprint(result["rule"], target, finding["parameter"]),
        },
        "properties": {
            "target": target,
            "scenario": finding["scenario"],
            "exchange": finding["exchange"],
            "parameter": tame(finding["parameter"]),
            "message": tame(finding["message"]),
        },
    }
    if finding["waiver"] is not None:
        waiver = report["waivers"][finding["waiver"]]
        why = f"{waiver['reason']} ({waiver['owner']}, until {waiver['expires']})"
        made["suppressions"] = [{"kind": "external", "status": "accepted", "justification": tame(why)}]
    return made


def _location(finding: FindingShape) -> Mapping[str, object]:
    where = reading.place(finding)
    uri, line = (_HERE, 1) if where is None else (where.uri, where.line or 1)
    made: dict[str, object] = {
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}},
    }
    if finding["exchange"] is not None:
        name = "/".join(part for part in (finding["scenario"], f"exchange {finding['exchange']}") if part)
        made["logicalLocations"] = [{"fullyQualifiedName": tame(name)}]
    return made


def _fingerprint(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()


def _invocation(report: ReportShape, notes: list[Mapping[str, object]]) -> Mapping[str, object]:
    said = [_note("error", report["text"])] if report["text"] else []
    if hosts := reading.also_called(report):
        said.append(_note("note", f"called beside BlastIQ: {hosts}"))
    return {
        "executionSuccessful": report["verdict"] not in reading.STOPPED,
        "exitCode": report["exit_code"],
        "exitCodeDescription": tame(report["meaning"]),
        "toolExecutionNotifications": [*said, *(_note("note", note) for note in report["notes"]), *notes],
    }


def _note(level: str, text: str) -> Mapping[str, object]:
    return {"level": level, "message": {"text": tame(text)}}


def _summary(target: str, report: ReportShape) -> Mapping[str, object]:
    return {
        "target": target,
        "profile": report["profile"],
        "verdict": report["verdict"],
        "exitCode": report["exit_code"],
        "counts": report["counts"],
        "rules": report["tool"]["rules"]["digest"],
        "otherHosts": report["other_hosts"],
        "open": [r["rule"] for r in report["results"] if r["outcome"] in {"untested", "cant_tell"}],
    }
