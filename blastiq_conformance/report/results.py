"""The results of a report: what each rule says, its findings one by one, and their number."""

from collections.abc import Iterable

from blastiq_conformance.catalogue import Finding, Outcome, Profile, Result, Severity
from blastiq_conformance.report import Report
from blastiq_conformance.report.entries import entries
from blastiq_conformance.report.exchanges import Shown
from blastiq_conformance.report.shape import FindingShape, ResultShape
from blastiq_conformance.secrets.cleaner import Cleaner


def count(results: Iterable[Result]) -> dict[str, int]:
    """Count rules by outcome, and findings that are not waived by severity."""
    results = tuple(results)
    outcomes = [result.outcome for result in results]
    failed = (result for result in results if result.outcome is Outcome.FAILED)
    severities = [finding.severity for result in failed for finding in result.findings]
    counts = {str(outcome): outcomes.count(outcome) for outcome in Outcome}
    return counts | {f"{severity}s": severities.count(severity) for severity in Severity}


def show_result(result: Result, report: Report, shown: Shown) -> ResultShape:
    """Give one result with its findings, every text redacted; the exchanges that they name are added to `shown`."""
    rule, cleaner = report.rules[result.rule], shown.cleaner
    graver = report.profile is Profile.STRICT and rule.severity is Severity.WARNING
    usual = Severity.ERROR if graver else rule.severity
    findings: list[FindingShape] = []
    for index, part in report.by_rule.get(result.rule, ()):
        waived = part.outcome is Outcome.WAIVED
        waiver = report.waivers.covering(part.rule, shown.judgements[index].scenario) if waived else None
        findings += [_finding(x, cleaner, shown.place(index, x.exchange), waiver) for x in part.findings]
    return {
        "rule": rule.id,
        "name": rule.name,
        "title": rule.title,
        "why": rule.why,
        "instead": rule.instead,
        "fixes": dict(rule.fixes),
        "references": list(rule.references),
        "level": str(rule.level),
        "severity": str(result.severity or usual),
        "outcome": str(result.outcome),
        "checked": result.checked,
        "reason": cleaner.text(result.reason),
        "explained": list(result.explained),
        "findings": findings,
        "entries": entries(findings),
    }


def _finding(finding: Finding, cleaner: Cleaner, place: int | None, waiver: int | None) -> FindingShape:
    return {
        "severity": str(finding.severity),
        "exchange": finding.exchange,
        "shown": place,
        "parameter": cleaner.text(finding.parameter),
        "scenario": cleaner.text(finding.scenario),
        "variant": cleaner.text(finding.variant),
        "source": cleaner.text(finding.source),
        "message": cleaner.text(finding.message),
        "expected": cleaner.text(finding.expected),
        "received": cleaner.text(finding.received),
        "fix": cleaner.text(finding.fix),
        "reproduce": cleaner.again(finding.reproduce),
        "waiver": waiver,
    }
