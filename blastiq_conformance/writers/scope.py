"""What was judged and what was not: rules counted by family, and grouped by the reason why they were not judged."""

from collections.abc import Mapping

from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.families import family
from blastiq_conformance.report.shape import ReportShape, ResultShape
from blastiq_conformance.writers.reading import OUTCOMES


def families(report: ReportShape) -> Mapping[str, dict[str, int]]:
    """Count outcomes for each family of rules that was asked for."""
    found: dict[str, dict[str, int]] = {}
    for result in report["results"]:
        name = family(result["rule"]).replace("_", " ")
        found.setdefault(name, dict.fromkeys(OUTCOMES, 0))[result["outcome"]] += 1
    return found


def reasons(report: ReportShape, *outcomes: str) -> Mapping[tuple[str, str], list[ResultShape]]:
    """Group the rules with these outcomes by outcome, in this order, and by reason."""
    return grouped(
        ((outcome, result["reason"]), result)
        for outcome in outcomes
        for result in report["results"]
        if result["outcome"] == outcome
    )


def not_run(report: ReportShape) -> Mapping[str, list[str]]:
    """Group the scenarios that did not run by the reason."""
    return grouped((each["reason"], each["scenario"]) for each in report["left_out"])


def broken(report: ReportShape) -> list[tuple[ResultShape, list[str]]]:
    """Give the rules with findings, waived ones too, each with its messages, once."""
    return [
        (result, list(dict.fromkeys(finding["message"] for finding in result["findings"])))
        for result in report["results"]
        if result["findings"]
    ]
