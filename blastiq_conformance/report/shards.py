"""Reports on parts of one run, put together as if all scenarios had run at once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from blastiq_conformance.catalogue import Finding, Level, Outcome, Result, Severity
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.report import runs
from blastiq_conformance.report.entries import entries
from blastiq_conformance.report.exchanges import MOST_EXCHANGES, moved
from blastiq_conformance.report.families import gravest
from blastiq_conformance.report.meaning import explain
from blastiq_conformance.report.other_hosts import put_together
from blastiq_conformance.report.results import count
from blastiq_conformance.report.shape import FindingShape, ReportShape, ResultShape, ScenarioShape
from blastiq_conformance.report.shard_waivers import merged_waivers
from blastiq_conformance.report.sign_ins import read_sign_ins
from blastiq_conformance.report.subjects import listed
from blastiq_conformance.report.verdict import (
    INTERRUPTED,
    NO_SCENARIO,
    PRECEDENCE,
    Verdict,
    conclude,
    headlines,
    merge,
)
from blastiq_conformance.report.waivers import State, Waiver


def merge_shards(shards: Sequence[ReportShape], today: date, *, allow_untested: bool = False) -> ReportShape:
    """Make one report of those on one target; raises ValueError if they were not judged alike."""
    judged = [shard for shard in shards if shard["results"]] or list(shards[:1])
    _demand_alike(judged)
    first = judged[0]
    parts = grouped((part["rule"], part) for shard in judged for part in shard["results"])
    results = [
        merge(rule, [_read(part) for part in found if part["reason"] != NO_SCENARIO]) for rule, found in parts.items()
    ]
    waivers = merged_waivers(judged, {result.rule: result for result in results}, today)
    states = [State(waiver["state"]) for waiver in waivers.values()]
    recorded = first["source"] == "check"
    seen = read_sign_ins(shard["token_requests"] for shard in judged)
    # Where one part was interrupted, the whole was.
    interrupted = any(shard["exit_code"] == INTERRUPTED for shard in shards)
    verdict, forgiven = conclude(
        results,
        states,
        binding={part["rule"] for part in first["results"] if Level(part["level"]).binding},
        recording_shows=seen.shows_one if recorded else None,
        interrupted=interrupted,
        allow_untested=allow_untested,
    )
    # Where one part could not run, the whole could not.
    failed = {Verdict(shard["verdict"]) for shard in shards} & {Verdict.NOT_RUN, Verdict.ERROR}
    verdict = min(failed, key=lambda each: PRECEDENCE.index(each.exit_code), default=verdict)
    counts = count(results)
    offsets = _offsets(judged)
    slugs = [{scenario["scenario"] for scenario in shard["scenarios"]} for shard in judged]
    return {
        **first,
        "verdict": str(verdict),
        "exit_code": INTERRUPTED if interrupted else verdict.exit_code,
        "meaning": explain(
            verdict,
            recorded=seen if recorded else None,
            forgiven=forgiven,
            interrupted=interrupted,
            broken=any(state.fails for state in states),
            errors=counts["errors"],
        ),
        "text": "\n".join(dict.fromkeys(shard["text"] for shard in shards if shard["text"])),
        "headlines": headlines(results),
        "counts": counts,
        "scenarios": list(_scenarios(judged)),
        "token_requests": seen.show(),
        "other_hosts": put_together(shard["other_hosts"] for shard in shards),
        "files": list(dict.fromkeys(file for shard in judged for file in shard["files"])),
        "left_out": [each for each in first["left_out"] if not any(each["scenario"] in ran for ran in slugs)],
        "notes": list(dict.fromkeys(note for shard in shards for note in shard["notes"])),
        "results": [
            _show(result, parts[result.rule], list(_findings(result.rule, judged, offsets, list(waivers))))
            for result in results
        ],
        "waivers": list(waivers.values()),
        "exchanges": [exchange for shard in judged for exchange in shard["exchanges"]][:MOST_EXCHANGES],
        "sign_in": runs.first_sign_in(judged, offsets),
        "volatile": runs.put_together(judged, offsets),
    }


def _demand_alike(shards: Sequence[ReportShape]) -> None:
    for name, values in (
        ("rule sets", [shard["tool"]["rules"]["digest"] for shard in shards]),
        ("rules", [str([result["rule"] for result in shard["results"]]) for shard in shards]),
        ("profiles", [shard["profile"] for shard in shards]),
        ("kinds of evidence", [shard["source"] for shard in shards]),
        ("subjects", [listed(shard["subjects"]) for shard in shards]),
    ):
        if len(set(values)) > 1:
            shown = f": {', '.join(sorted(set(values)))}" if max(map(len, values)) < 20 else ""
            raise ValueError(
                f"the reports on target {shards[0]['target']!r} were made by different {name}{shown}. Make them all by "
                "the same version of the kit, with the same options but --scenario"
            )


def _read(part: ResultShape) -> Result:
    outcome = Outcome(part["outcome"])
    waived = outcome is Outcome.WAIVED
    findings = tuple(
        Finding(
            rule=part["rule"],
            severity=Severity(finding["severity"]),
            message=Text(finding["message"]),
            expected=Text(finding["expected"]),
            received=Text(finding["received"]),
            parameter=Text(finding["parameter"]),
        )
        for finding in part["findings"]
        if (finding["waiver"] is not None) == waived
    )
    # `merge` computes the severity from the findings.
    return Result(
        rule=part["rule"],
        outcome=outcome,
        findings=findings,
        checked=part["checked"],
        reason=part["reason"],
        explained=tuple(part["explained"]),
    )


def _show(result: Result, parts: Sequence[ResultShape], findings: list[FindingShape]) -> ResultShape:
    return {
        **parts[0],
        "severity": str(result.severity or parts[0]["severity"]),
        "outcome": str(result.outcome),
        "checked": result.checked,
        "reason": result.reason,
        "explained": list(result.explained),
        "findings": findings,
        "entries": entries(findings),
    }


def _offsets(shards: Iterable[ReportShape]) -> list[int]:
    offsets = [0]
    for shard in shards:
        offsets.append(offsets[-1] + len(shard["exchanges"]))
    return offsets


def _findings(
    rule: str, shards: Iterable[ReportShape], offsets: Iterable[int], waivers: Sequence[Waiver]
) -> Iterator[FindingShape]:
    for shard, offset in zip(shards, offsets, strict=False):
        for finding in (finding for part in shard["results"] if part["rule"] == rule for finding in part["findings"]):
            place = finding["waiver"]
            waiver = None if place is None else waivers.index(Waiver.read(shard["waivers"][place]))
            yield {**finding, "shown": moved(finding["shown"], offset), "waiver": waiver}


def _scenarios(shards: Iterable[ReportShape]) -> Iterator[ScenarioShape]:
    for slug, parts in grouped((row["scenario"], row) for shard in shards for row in shard["scenarios"]).items():
        yield {
            "scenario": slug,
            "plays": sum(part["plays"] for part in parts),
            "exchanges": sum(part["exchanges"] for part in parts),
            "token_requests": sum(part["token_requests"] for part in parts),
            "families": gravest(part["families"] for part in parts),
            "exit_statuses": [status for part in parts for status in part["exit_statuses"]],
        }
