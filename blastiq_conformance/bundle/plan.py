"""How a report was made, as JSON: what was judged by which rules, so that it can be judged again."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import cast

from blastiq_conformance.bundle.container import BundleError
from blastiq_conformance.catalogue import Profile
from blastiq_conformance.editions import CURRENT, editions, rules_in
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.report import Report, Reproduction, SourceKind
from blastiq_conformance.report.reproduction import Way
from blastiq_conformance.report.shape import AgainShape, PlanShape, ReportShape
from blastiq_conformance.report.waivers import Waiver, Waivers
from blastiq_conformance.sources import SourceError, recording
from blastiq_conformance.trial.judging import judge_together


def plan(report: Report, number: int) -> PlanShape:
    """Describe how a report was made, with its texts redacted."""
    model = report.to_model()
    return {
        "target": model["target"],
        "subjects": model["subjects"],
        "version": model["version"],
        "source": report.source_kind,
        "profile": str(report.profile),
        "edition": report.edition,
        "command": model["command"],
        "again": cast("AgainShape", asdict(_again(report, model))),
        "notes": model["notes"],
        "left_out": model["left_out"],
        "allow_untested": report.conclusion.forgiven,
        "interrupted": report.interrupted,
        "rules": sorted(report.rules),
        "waivers": [Waiver.read(waiver).show(str) for waiver in model["waivers"]],
        "today": report.waivers.today.isoformat(),
        "due": {rule: sorted(scenarios) for rule, scenarios in sorted(report.waivers.due.items())},
        "judgements": [
            {
                "evidence": f"evidence/{number}/{place:04}.jsonl",
                "scenario": judgement.evidence.facts.scenario,
                "rules": [result.rule for result in judgement.results],
            }
            for place, judgement in enumerate(report.judgements, start=1)
        ],
    }


def _again(report: Report, model: ReportShape) -> Reproduction:
    """Say how to reproduce findings; by nothing if a line was left out because it held a secret."""
    lines = sum(
        bool(finding.reproduce)
        for judgement in report.judgements
        for result in judgement.results
        if result.rule in report.rules
        for finding in result.findings
    )
    shown = sum(bool(finding["reproduce"]) for result in model["results"] for finding in result["findings"])
    return report.again if lines == shown else Reproduction(way="none")


def carry_out(planned: PlanShape, files: Mapping[str, bytes]) -> Report:
    """Judge the evidence by the rules that are installed, and report; raises BundleError.

    Rules that only another version of the kit has are left out: the report then says that it has fewer.
    """
    # For an edition that is not shipped, the current one has to do.
    dated = planned["edition"] if planned["edition"] in editions() else CURRENT
    known = rules_in(dated)
    profile, again = Profile(planned["profile"]), planned["again"]
    asked = {rule for item in planned["judgements"] for rule in item["rules"]} & known.keys()
    return Report(
        judge_together(
            [_read(item["evidence"], files) for item in planned["judgements"]],
            [known[rule] for rule in sorted(asked)],
            profile,
            dated,
        ),
        target=planned["target"],
        version=planned["version"],
        profile=profile,
        edition=dated,
        rules={rule: known[rule] for rule in planned["rules"] if rule in known},
        command=planned["command"],
        source_kind=cast("SourceKind", planned["source"]),
        allow_untested=planned["allow_untested"],
        interrupted=planned["interrupted"],
        again=Reproduction(
            way=cast("Way", again["way"]),
            options=tuple(again["options"]),
            whose=tuple(again["whose"]),
            file=again["file"],
        ),
        notes=planned["notes"],
        left_out={each["scenario"]: each["reason"] for each in planned["left_out"]},
        waivers=Waivers(
            given=tuple(map(Waiver.read, planned["waivers"])),
            today=date.fromisoformat(planned["today"]),
            due={rule: frozenset(scenarios) for rule, scenarios in planned["due"].items()},
        ),
        subjects=planned["subjects"],
    )


def _read(name: str, files: Mapping[str, bytes]) -> Evidence:
    if name not in files:
        raise BundleError(f"{name} is missing")
    try:
        (evidence,) = recording.read(name, files[name].decode())
    except (SourceError, ValueError) as error:
        raise BundleError(f"{name} is not evidence: {error}") from None
    # Exchanges of a run have no source, and are judged without one.
    seen = (replace(x, source="" if x.source == f"{name}#{x.number}" else x.source) for x in evidence.exchanges)
    return replace(evidence, exchanges=tuple(seen))
