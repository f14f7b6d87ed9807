"""Scenarios against families of rules: one mark a cell, each linked to its details."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.families import family
from blastiq_conformance.report.shape import ReportShape, ScenarioShape
from blastiq_conformance.writers.sequence import Diagram


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What became of a family of rules in a scenario, empty if nothing applied; the page says more at `anchor`."""

    family: str
    state: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A scenario with a cell for each family, and the indexes of its runs that are drawn."""

    scenario: str
    runs: int
    cells: tuple[Cell, ...]
    drawn: tuple[int, ...]


def matrix(report: ReportShape, diagrams: Sequence[Diagram], linked: Iterable[str]) -> list[Line]:
    """Give a line for each scenario that ran; `linked` are the rules with a finding on the page."""
    names = families(report)
    found = _found(report, frozenset(linked))
    passed = {family(result["rule"]) for result in report["results"] if result["outcome"] == "passed"}
    drawn = grouped((diagram.scenario, index) for index, diagram in enumerate(diagrams))
    return [
        Line(
            scenario=scenario["scenario"],
            runs=scenario["plays"],
            cells=tuple(_cells(scenario, names, passed, found)),
            drawn=tuple(drawn.get(scenario["scenario"], ())),
        )
        for scenario in report["scenarios"]
    ]


def families(report: ReportShape) -> list[str]:
    """Name, in order, the families that had something to judge in any scenario."""
    seen = {name for scenario in report["scenarios"] for name in scenario["families"]}
    return [name for name in dict.fromkeys(family(result["rule"]) for result in report["results"]) if name in seen]


def _cells(
    scenario: ScenarioShape, names: Iterable[str], passed: Container[str], found: Mapping[tuple[str, str], str]
) -> Iterator[Cell]:
    for name in names:
        state = scenario["families"].get(name, "")
        anchor = "rules"
        if state in {"failed", "warned", "waived"}:
            anchor = found.get((scenario["scenario"], name), anchor)
        elif state == "passed" and name in passed:
            anchor = f"passed-{name}"
        yield Cell(family=name, state=state, anchor=anchor)


def _found(report: ReportShape, linked: frozenset[str]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for result in report["results"]:
        if result["rule"] in linked:
            for finding in result["findings"]:
                found.setdefault((finding["scenario"], family(result["rule"])), result["rule"])
    return found
