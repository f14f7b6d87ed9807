"""A report as JSON: redacted whole, and the same bytes for the same judgements."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from blastiq_conformance import __version__
from blastiq_conformance.report.account import Account, Judgement
from blastiq_conformance.report.exchanges import Shown
from blastiq_conformance.report.manual import MANUAL
from blastiq_conformance.report.meaning import explain
from blastiq_conformance.report.other_hosts import other_hosts
from blastiq_conformance.report.results import count, parts_of, show_result
from blastiq_conformance.report.rule_set import rule_set
from blastiq_conformance.report.shape import HeadlineShape, ReportShape, ScenarioShape, WaiverShape
from blastiq_conformance.report.sign_ins import sign_ins
from blastiq_conformance.report.verdict import Headline
from blastiq_conformance.report.waivers import Standing
from blastiq_conformance.secrets.cleaner import Cleaner


def build(report: Account) -> ReportShape:
    """Give the whole model, every text in it redacted."""
    recorded = report.source_kind == "check"
    cleaner = Cleaner(
        (judgement.evidence for judgement in report.judgements),
        live=not recorded,
        command=() if recorded else report.command,
        more=(secret for judgement in report.judgements for secret in judgement.overheard),
    )
    shown = Shown(cleaner)
    parts = parts_of(report.judgements)
    results = [show_result(result, parts.get(result.rule, ()), report, cleaner, shown) for result in report.results]
    counts = count(report.results)
    seen = sign_ins(report.judgements)
    # An error is what a server says, and that may be anything.
    seen = replace(seen, refusals=tuple(map(cleaner.text, seen.refusals)))
    return {
        "schema": "blastiq-report/1",
        "tool": {"name": "blastiq-conformance", "version": __version__, "rules": rule_set(report.rules)},
        "source": report.source_kind,
        "target": cleaner.label(report.target),
        "command": [cleaner.label(word) for word in report.command] if recorded else cleaner.command(),
        "profile": str(report.profile),
        "verdict": str(report.verdict),
        "exit_code": report.exit_code,
        "meaning": explain(
            report.verdict,
            recorded=seen if recorded else None,
            forgiven=report.forgiven,
            interrupted=report.interrupted,
            broken=any(standing.state.fails for standing in report.standings),
            errors=counts["errors"],
        ),
        "text": cleaner.prose(report.text),
        "headlines": [show_headline(line, cleaner.prose(line.reason)) for line in report.headlines],
        "counts": counts,
        "scenarios": [] if recorded else list(_scenarios(report.judgements)),
        "files": _files(report.judgements, cleaner) if recorded else [],
        "token_requests": seen.show(),
        "other_hosts": other_hosts((judgement.evidence for judgement in report.judgements), cleaner),
        "left_out": list(report.left_out),
        "notes": [cleaner.prose(note) for note in report.notes],
        "results": results,
        "waivers": [_waiver(standing, cleaner) for standing in report.standings],
        "manual": list(MANUAL),
        "exchanges": list(shown.models),
        "volatile": _volatile(report.judgements, cleaner),
    }


def show_headline(line: Headline, reason: str) -> HeadlineShape:
    """Give one of the three lines as it is reported."""
    return {
        "name": line.name,
        "title": line.title,
        "outcome": str(line.outcome),
        "severity": None if line.severity is None else str(line.severity),
        "checked": line.checked,
        "findings": line.findings,
        "rules": list(line.rules),
        "reason": reason,
    }


def _waiver(standing: Standing, cleaner: Cleaner) -> WaiverShape:
    waiver = standing.waiver
    return {
        "rule": waiver.rule,
        "scenario": waiver.scenario,
        "reason": cleaner.prose(waiver.reason),
        "owner": cleaner.label(waiver.owner),
        "expires": waiver.expires.isoformat(),
        "state": str(standing.state),
        "awaits": list(standing.awaits),
        "text": cleaner.prose(standing.text),
    }


def _scenarios(judgements: Iterable[Judgement]) -> Iterator[ScenarioShape]:
    runs: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        runs.setdefault(judgement.scenario, []).append(judgement)
    for scenario, played in runs.items():
        children = [judgement.evidence.child for judgement in played]
        yield {
            "scenario": scenario,
            "plays": len(played),
            "exchanges": sum(len(judgement.evidence.exchanges) for judgement in played),
            "token_requests": sum(len(judgement.evidence.token_requests) for judgement in played),
            "exit_statuses": [None if child is None else child.exit_status for child in children],
        }


def _files(judgements: Iterable[Judgement], cleaner: Cleaner) -> list[str]:
    sources = (exchange.source for judgement in judgements for exchange in judgement.evidence.exchanges)
    return [cleaner.name(file) for file in dict.fromkeys(re.sub(r"[#:]\d+$", "", source) for source in sources)]


def _volatile(judgements: Iterable[Judgement], cleaner: Cleaner) -> dict[str, str]:
    """The one block that differs between two runs: when the first and the last request came."""
    times = sorted(exchange.at for judgement in judgements for exchange in judgement.evidence.exchanges if exchange.at)
    return {"first": cleaner.text(times[0]), "last": cleaner.text(times[-1])} if times else {}
