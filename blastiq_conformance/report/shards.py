"""Reports on parts of one run, put together as if all scenarios had run at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from blastiq_conformance.catalogue import Finding, Level, Outcome, Result, Severity
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.report import other_hosts
from blastiq_conformance.report.entries import entries
from blastiq_conformance.report.exchanges import MOST_EXCHANGES
from blastiq_conformance.report.families import gravest
from blastiq_conformance.report.results import count
from blastiq_conformance.report.runs import volatile
from blastiq_conformance.report.shape import FindingShape, ReportShape, ResultShape, RunShape, ScenarioShape
from blastiq_conformance.report.sign_ins import put_together
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
from blastiq_conformance.report.waivers import Standing, State, Waiver, settle


def merge_shards(shards: Sequence[ReportShape], today: date, *, allow_untested: bool = False) -> ReportShape:
    """Make one report of those on one target; raises ValueError if they were not judged alike."""
    with_results = [shard for shard in shards if shard["results"]] or list(shards[:1])
    _demand_alike(with_results)
    judged = list(_side_by_side(with_results))
    first = judged[0]
    parts = grouped((part["rule"], part) for shard in judged for part in shard["results"])
    results = [
        merge(rule, [_read(part) for part in found if part["reason"] != NO_SCENARIO]) for rule, found in parts.items()
    ]
    standings = list(_standings(judged, {result.rule: result for result in results}, today))
    seen = put_together(shard["token_requests"] for shard in judged)
    conclusion = conclude(
        results,
        [standing.state for standing in standings],
        binding={part["rule"] for part in first["results"] if Level(part["level"]).binding},
        recorded=seen if first["source"] == "check" else None,
        # Where one part was interrupted, the whole was.
        interrupted=any(shard["exit_code"] == INTERRUPTED for shard in shards),
        allow_untested=allow_untested,
    )
    # Where one part could not run, the whole could not.
    failed = {Verdict(shard["verdict"]) for shard in shards} & {Verdict.NOT_RUN, Verdict.ERROR}
    verdict = min(failed, key=lambda each: PRECEDENCE.index(each.exit_code), default=conclusion.verdict)
    conclusion = replace(conclusion, verdict=verdict)
    times = [shard["volatile"] for shard in judged]
    slugs = [{scenario["scenario"] for scenario in shard["scenarios"]} for shard in judged]
    return {
        **first,
        "verdict": str(conclusion.verdict),
        "exit_code": conclusion.exit_code,
        "meaning": conclusion.meaning,
        "text": "\n".join(dict.fromkeys(shard["text"] for shard in shards if shard["text"])),
        "headlines": headlines(results),
        "counts": count(results),
        "scenarios": list(_scenarios(judged)),
        "token_requests": seen,
        "other_hosts": other_hosts.put_together(shard["other_hosts"] for shard in shards),
        "files": list(dict.fromkeys(file for shard in judged for file in shard["files"])),
        "left_out": [each for each in first["left_out"] if not any(each["scenario"] in ran for ran in slugs)],
        "notes": list(dict.fromkeys(note for shard in shards for note in shard["notes"])),
        "results": [_show(result, parts[result.rule]) for result in results],
        "waivers": [standing.show(str) for standing in standings],
        "exchanges": [exchange for shard in judged for exchange in shard["exchanges"]][:MOST_EXCHANGES],
        "sign_in": next((shard["sign_in"] for shard in judged if shard["sign_in"]), None),
        "volatile": volatile(
            (part[name] for part in times for name in ("first", "last") if name in part),
            (scenario_run for part in times for scenario_run in part.get("plays", ())),
        ),
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


def _show(result: Result, parts: Sequence[ResultShape]) -> ResultShape:
    findings = [finding for part in parts for finding in part["findings"]]
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


def _standings(shards: Iterable[ReportShape], results: Mapping[str, Result], today: date) -> Iterator[Standing]:
    """Settle each waiver anew, by what became of its rule in all parts together."""
    for waiver, parts in grouped((Waiver.read(told), told) for shard in shards for told in shard["waivers"]).items():
        awaits = sorted(frozenset.intersection(*(frozenset(part["awaits"]) for part in parts)))
        states = {State(part["state"]) for part in parts}
        if State.USED in states:
            outcomes = [Outcome.WAIVED]
        elif waiver.scenario:
            # The part that ran its scenario has settled it.
            outcomes = [Outcome.PASSED if State.STALE in states else Outcome.UNTESTED]
        else:
            result = results.get(waiver.rule)
            outcomes = [] if result is None or result.reason == NO_SCENARIO else [result.outcome]
        yield Standing(waiver=waiver, state=settle(waiver, outcomes, awaits, today), awaits=tuple(awaits))


def _side_by_side(shards: Iterable[ReportShape]) -> Iterator[ReportShape]:
    """Give the parts with indexes that point into the exchanges and waivers of the whole."""
    offset, waivers = 0, dict[Waiver, int]()
    for shard in shards:
        yield _moved(shard, offset, [waivers.setdefault(Waiver.read(x), len(waivers)) for x in shard["waivers"]])
        offset += len(shard["exchanges"])


def _moved(shard: ReportShape, offset: int, waivers: Sequence[int]) -> ReportShape:
    def shown(place: int | None) -> int | None:
        # The whole has no room for more.
        return None if place is None or place + offset >= MOST_EXCHANGES else place + offset

    def finding(told: FindingShape) -> FindingShape:
        waiver = None if told["waiver"] is None else waivers[told["waiver"]]
        return {**told, "shown": shown(told["shown"]), "waiver": waiver}

    def scenario_run(told: RunShape) -> RunShape:
        return {**told, "exchanges": [{**sent, "shown": shown(sent["shown"])} for sent in told["exchanges"]]}

    volatile, first = shard["volatile"], shard["sign_in"]
    place = None if first is None else shown(first["shown"])
    return {
        **shard,
        "results": [{**result, "findings": list(map(finding, result["findings"]))} for result in shard["results"]],
        "sign_in": None if first is None or place is None else {**first, "shown": place},
        "volatile": {**volatile, "plays": list(map(scenario_run, volatile.get("plays", ())))},
    }
