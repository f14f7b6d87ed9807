"""What has changed between two reports, rule by rule and place by place: new, still there, fixed, not tested."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from blastiq_conformance.evidence.grouping import grouped
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


def change(old: Iterable[ReportShape], new: Iterable[ReportShape]) -> Change:
    """Compare the reports target by target; findings of severity info do not count."""
    before, after = _by_target(old), _by_target(new)
    known, found = _points(before, waived=True), _points(after, waived=True)
    gone = [point for point in known if point not in found and not _judges(after.get(point.target, ()), point)]
    lost = [
        Point(target, result["rule"], result["name"])
        for target, reports in before.items()
        for result in _results(reports)
        if result["outcome"] == "passed" and not _rule_judged(after.get(target, ()), result["rule"])
    ]
    return Change(
        new=[point for point in _points(after, waived=False) if point not in known],
        still=[point for point in found if point in known],
        fixed=[point for point in known if point not in found and point not in gone],
        untested=list(dict.fromkeys([*gone, *lost])),
    )


def _by_target(reports: Iterable[ReportShape]) -> dict[str, list[ReportShape]]:
    return grouped((report["target"] if report["source"] == "run" else "", report) for report in reports)


def _results(reports: Iterable[ReportShape]) -> list[ResultShape]:
    return [result for report in reports for result in report["results"]]


def _points(targets: Mapping[str, Sequence[ReportShape]], *, waived: bool) -> dict[Point, None]:
    return {
        Point(target, result["rule"], result["name"], finding["scenario"] or finding["source"]): None
        for target, reports in targets.items()
        for result in _results(reports)
        for finding in result["findings"]
        if finding["severity"] != "info" and (waived or finding["waiver"] is None)
    }


def _judges(reports: Sequence[ReportShape], point: Point) -> bool:
    """Whether a rule was judged again in the place where it had failed."""
    places = {row["scenario"] for report in reports for row in report["scenarios"]}
    recorded = any(report["source"] == "check" for report in reports)
    return (recorded or point.place in places) and _rule_judged(reports, point.rule)


def _rule_judged(reports: Iterable[ReportShape], rule: str) -> bool:
    return any(result["rule"] == rule and result["outcome"] in _JUDGED for result in _results(reports))
