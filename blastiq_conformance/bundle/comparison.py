"""Comparing two reports on one target member by member: what is the same, and each place that differs."""

from collections.abc import Iterator, Mapping
from typing import cast

from blastiq_conformance.report.shape import ReportShape
from blastiq_conformance.schemas import named, shown
from fake_idp.wire import Json


def same(written: ReportShape, again: ReportShape) -> list[str]:
    """Say in words which parts of a report the evidence gives as well."""
    old, new = _members(written), _members(again)
    parts = [name for name in new if name != "results" and old[name] == new[name]]
    rules = cast("Mapping[str, Json]", new["results"])
    kept = [rule for rule in rules if cast("Mapping[str, Json]", old["results"]).get(rule) == rules[rule]]
    return [*parts, *([f"the results of {len(kept)} of {len(rules)} rules"] if kept else [])]


def differences(written: ReportShape, again: ReportShape) -> Iterator[str]:
    """Compare a report as it is written with what the evidence gives; each difference is a sentence."""
    return _differences(_members(written), _members(again), "report")


def kept(written: ReportShape, again: ReportShape) -> Iterator[str]:
    """Name the breaches of an edition's promise: outcomes, severities and exit code stay, texts may change."""
    return _differences(_promised(written), _promised(again), "report")


def _promised(report: ReportShape) -> dict[str, Json]:
    names = ("source", "target", "subjects", "command", "profile", "verdict", "exit_code", "counts")
    members = cast("dict[str, Json]", report)
    results: dict[str, Json] = {
        result["rule"]: [result["outcome"], *sorted(finding["severity"] for finding in result["findings"])]
        for result in report["results"]
    }
    waivers: list[Json] = [[waiver["rule"], waiver["scenario"], waiver["state"]] for waiver in report["waivers"]]
    return {**{name: members[name] for name in names}, "results": results, "waivers": waivers}


def _members(report: ReportShape) -> dict[str, Json]:
    members = cast("dict[str, Json]", report)
    # A reader looks for a rule, not for its index.
    return {
        **members,
        "order": [result["rule"] for result in report["results"]],
        "results": cast("Json", {result["rule"]: result for result in report["results"]}),
    }


def _differences(old: Json, new: Json, place: str) -> Iterator[str]:
    match old, new:
        case dict(), dict():
            for name in dict.fromkeys((*old, *new)):
                if name not in new:
                    yield f"{named(place, (name,))} is in the report, and the evidence does not give it"
                elif name not in old:
                    yield f"{named(place, (name,))} is not in the report, and the evidence gives it"
                else:
                    yield from _differences(old[name], new[name], named(place, (name,)))
        case list(), list():
            if len(old) != len(new):
                yield f"{place} has {len(old)} items in the report, and {len(new)} by the evidence"
            for index, (one, other) in enumerate(zip(old, new, strict=False)):
                yield from _differences(one, other, f"{place}[{index}]")
        case _ if type(old) is not type(new) or old != new:
            yield f"{place} is {shown(old)} in the report, and {shown(new)} by the evidence"
