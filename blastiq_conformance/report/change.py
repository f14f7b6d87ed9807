"""What has changed between two reports, rule by rule and place by place: new, still there, fixed, not tested."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from blastiq_conformance.report.shape import ReportShape, ResultShape

_JUDGED = frozenset({"passed", "failed", "waived"})


class Point(NamedTuple):
    """A rule that failed in a place; a rule that is no longer tested has none."""

    target: str
    rule: str
    name: str
    place: str = ""


class Change(NamedTuple):
    """The difference between two reports; `untested` was judged in the older one and is not in the newer."""

    new: list[Point]
    still: list[Point]
    fixed: list[Point]
    untested: list[Point]

    @property
    def exit_code(self) -> int:
        """1 if something is new, 4 if something is no longer tested, else 0."""
        return 1 if self.new else 4 if self.untested else 0


def change(old: Iterable[ReportShape], new: Sequence[ReportShape]) -> Change:
    """Compare the reports target by target; findings of severity info do not count."""
    before, after = _results(old), _results(new)
    known, found = _points(before, waived=True), _points(after, waived=True)
    judged = {(target, result["rule"]) for target, result in after if result["outcome"] in _JUDGED}
    places = {(_target(report), row["scenario"]) for report in new for row in report["scenarios"]}
    # A recording has no scenarios: its rules were judged wherever they could be.
    again = [x for x in known if (x.target, x.rule) in judged and (not x.target or (x.target, x.place) in places)]
    lost = [
        Point(target, result["rule"], result["name"])
        for target, result in before
        if result["outcome"] == "passed" and (target, result["rule"]) not in judged
    ]
    return Change(
        new=[point for point in _points(after, waived=False) if point not in known],
        still=[point for point in found if point in known],
        fixed=[point for point in again if point not in found],
        untested=list(dict.fromkeys([*(x for x in known if x not in found and x not in again), *lost])),
    )


def _target(report: ReportShape) -> str:
    return report["target"] if report["source"] == "run" else ""


def _results(reports: Iterable[ReportShape]) -> list[tuple[str, ResultShape]]:
    return [(_target(report), result) for report in reports for result in report["results"]]


def _points(results: Iterable[tuple[str, ResultShape]], *, waived: bool) -> dict[Point, None]:
    return {
        Point(target, result["rule"], result["name"], finding["scenario"] or finding["source"]): None
        for target, result in results
        for finding in result["findings"]
        if finding["severity"] != "info" and (waived or finding["waiver"] is None)
    }
