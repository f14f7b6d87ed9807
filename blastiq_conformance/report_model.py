"""A report as JSON: redacted whole, and the same bytes for the same judgements."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TypeAlias

from blastiq_conformance import __version__
from blastiq_conformance.catalogue import Finding, Outcome, Profile, Result, Rule, Severity
from blastiq_conformance.cleaner import Cleaner
from blastiq_conformance.manual import MANUAL
from blastiq_conformance.meaning import explain
from blastiq_conformance.report import Judgement, Report
from blastiq_conformance.report_shape import (
    ExchangeShape,
    FindingShape,
    HeadlineShape,
    ReportShape,
    ResultShape,
    RuleSetShape,
    ScenarioShape,
    WaiverShape,
)
from blastiq_conformance.verdict import Headline
from blastiq_conformance.waivers import Standing
from fake_idp.journal import Exchange

MOST_EXCHANGES = 1_000

_Part: TypeAlias = tuple[int, Judgement, Result]  # the index of the judgement with it


def build(report: Report) -> ReportShape:
    """Give the whole model, every text in it redacted."""
    recorded = report.source_kind == "check"
    cleaner = Cleaner((judgement.evidence for judgement in report.judgements), live=not recorded)
    shown = _Shown(cleaner)
    parts = _parts(report.judgements)
    results = [_result(result, parts.get(result.rule, ()), report, cleaner, shown) for result in report.results]
    counts = count(report.results)
    return {
        "schema": "blastiq-report/1",
        "tool": {"name": "blastiq-conformance", "version": __version__, "rules": _rule_set(report.rules.values())},
        "source": report.source_kind,
        "target": cleaner.text(report.target),
        "command": [cleaner.text(word) for word in report.command],
        "profile": str(report.profile),
        "verdict": str(report.verdict),
        "exit_code": report.exit_code,
        "meaning": explain(
            report.verdict,
            recorded=recorded,
            forgiven=report.forgiven,
            broken=any(standing.state.fails for standing in report.standings),
            errors=counts["errors"],
        ),
        "text": cleaner.text(report.text),
        "headlines": [show_headline(line, cleaner.text(line.reason)) for line in report.headlines],
        "counts": counts,
        "scenarios": [] if recorded else list(_scenarios(report.judgements)),
        "files": _files(report.judgements, cleaner) if recorded else [],
        "left_out": list(report.left_out),
        "notes": [cleaner.text(note) for note in report.notes],
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


class _Shown:
    """The exchanges that findings name, each once, at most a thousand."""

    def __init__(self, cleaner: Cleaner) -> None:
        self.models: list[ExchangeShape] = []
        self._cleaner = cleaner
        self._exchanges: dict[int, dict[int, Exchange]] = {}
        self._places: dict[tuple[int, int], int] = {}

    def place(self, index: int, judgement: Judgement, number: int | None) -> int | None:
        """Give the index of an exchange among those shown; it is added where it is new and there is room."""
        if number is None:
            return None
        if (index, number) not in self._places:
            if index not in self._exchanges:
                self._exchanges[index] = {x.number: x for x in judgement.evidence.exchanges}
            exchange = self._exchanges[index].get(number)
            if exchange is None or len(self.models) >= MOST_EXCHANGES:
                return None
            self._places[index, number] = len(self.models)
            self.models.append(_exchange(exchange, judgement.scenario, self._cleaner))
        return self._places[index, number]


def _exchange(exchange: Exchange, scenario: str, cleaner: Cleaner) -> ExchangeShape:
    request, response = exchange.request, exchange.response
    return {
        "scenario": cleaner.text(scenario),
        "exchange": exchange.number,
        "kind": str(exchange.kind),
        "source": cleaner.text(exchange.source),
        "edited": cleaner.text(exchange.edited),
        "request": {
            "method": cleaner.text(request.method),
            "target": cleaner.text(request.target),
            "headers": cleaner.headers(request.headers),
            "body": cleaner.body(request.body),
        },
        "response": None
        if response is None
        else {
            "status": response.status,
            "headers": cleaner.headers(response.headers),
            "body": cleaner.body(response.body),
        },
    }


def _parts(judgements: Iterable[Judgement]) -> Mapping[str, Sequence[_Part]]:
    """Give what was found, rule by rule: a report on a thousand files has a hundred thousand results."""
    parts: dict[str, list[_Part]] = {}
    for index, judgement in enumerate(judgements):
        for result in judgement.results:
            if result.findings:
                parts.setdefault(result.rule, []).append((index, judgement, result))
    return parts


def _result(result: Result, parts: Iterable[_Part], report: Report, cleaner: Cleaner, shown: _Shown) -> ResultShape:
    rule = report.rules[result.rule]
    findings: list[FindingShape] = []
    for index, judgement, part in parts:
        waived = part.outcome is Outcome.WAIVED
        waiver = report.waivers.covering(part.rule, judgement.scenario) if waived else None
        findings += [
            _finding(finding, cleaner, shown.place(index, judgement, finding.exchange), waiver)
            for finding in part.findings
        ]
    return {
        "rule": rule.id,
        "name": rule.name,
        "title": rule.title,
        "why": rule.why,
        "instead": rule.instead,
        "fixes": dict(rule.fixes),
        "references": list(rule.references),
        "level": str(rule.level),
        "severity": str(result.severity or _severity(rule, report.profile)),
        "outcome": str(result.outcome),
        "checked": result.checked,
        "reason": cleaner.text(result.reason),
        "findings": findings,
    }


def _severity(rule: Rule, profile: Profile) -> Severity:
    strict = profile is Profile.STRICT and rule.severity is Severity.WARNING
    return Severity.ERROR if strict else rule.severity


def _finding(finding: Finding, cleaner: Cleaner, place: int | None, waiver: int | None) -> FindingShape:
    return {
        "severity": str(finding.severity),
        "exchange": finding.exchange,
        "shown": place,
        "parameter": cleaner.text(finding.parameter),
        "scenario": cleaner.text(finding.scenario),
        "source": cleaner.text(finding.source),
        "message": cleaner.text(finding.message),
        "expected": cleaner.text(finding.expected),
        "received": cleaner.text(finding.received),
        "fix": cleaner.text(finding.fix),
        "reproduce": cleaner.text(finding.reproduce),
        "waiver": waiver,
    }


def _waiver(standing: Standing, cleaner: Cleaner) -> WaiverShape:
    waiver = standing.waiver
    return {
        "rule": waiver.rule,
        "scenario": waiver.scenario,
        "reason": cleaner.text(waiver.reason),
        "owner": cleaner.text(waiver.owner),
        "expires": waiver.expires.isoformat(),
        "state": str(standing.state),
        "awaits": list(standing.awaits),
        "text": cleaner.text(standing.text),
    }


def count(results: Iterable[Result]) -> dict[str, int]:
    """Count rules by outcome, and findings that are not waived by severity."""
    results = tuple(results)
    outcomes = [result.outcome for result in results]
    failed = (result for result in results if result.outcome is Outcome.FAILED)
    severities = [finding.severity for result in failed for finding in result.findings]
    counts = {str(outcome): outcomes.count(outcome) for outcome in Outcome}
    return counts | {f"{severity}s": severities.count(severity) for severity in Severity}


def _scenarios(judgements: Iterable[Judgement]) -> Iterator[ScenarioShape]:
    plays: dict[str, list[Judgement]] = {}
    for judgement in judgements:
        plays.setdefault(judgement.scenario, []).append(judgement)
    for scenario, played in plays.items():
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
    return [cleaner.text(file) for file in dict.fromkeys(re.sub(r"[#:]\d+$", "", source) for source in sources)]


def _volatile(judgements: Iterable[Judgement], cleaner: Cleaner) -> dict[str, str]:
    """The one block that differs between two runs: when the first and the last request came."""
    times = sorted(exchange.at for judgement in judgements for exchange in judgement.evidence.exchanges if exchange.at)
    return {"first": cleaner.text(times[0]), "last": cleaner.text(times[-1])} if times else {}


def _rule_set(rules: Iterable[Rule]) -> RuleSetShape:
    digest = hashlib.sha256()
    names = [item.name for item in fields(Rule) if item.name not in {"select", "check", "fixes", "companions"}]
    ordered = sorted(rules, key=lambda rule: rule.id)
    for rule in ordered:
        digest.update(repr([str(getattr(rule, name)) for name in names]).encode())
    return {"count": len(ordered), "digest": f"sha256:{digest.hexdigest()}"}
