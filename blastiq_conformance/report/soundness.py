"""What the types of a report's members do not say: words of a kind, and numbers that name a place in it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum

from blastiq_conformance.catalogue import Level, Outcome, Severity
from blastiq_conformance.report.shape import ReportShape, ResultShape
from blastiq_conformance.report.verdict import Verdict
from blastiq_conformance.waivers import State

# Member → the words that may stand there.
_KINDS: Mapping[str, type[StrEnum]] = {
    "level": Level,
    "outcome": Outcome,
    "severity": Severity,
    "state": State,
    "verdict": Verdict,
}
_RULE = re.compile(r"BIQ\d{3}")
_COUNTS = ("errors", "warnings", "infos", *map(str, Outcome))
# More of anything was never counted; and beyond 4,300 digits Python does not print.
_MOST = 10**15


def unsound(report: ReportShape, place: str) -> Iterator[str]:
    """Say what in a report of the right shape cannot be; `place` is where it stands."""
    yield from _words(report, place)
    if missing := [name for name in _COUNTS if name not in report["counts"]]:
        yield f"{place}.counts lacks {missing[0]}"
    for number, waiver in enumerate(report["waivers"]):
        if not _is_date(waiver["expires"]):
            yield f"{place}.waivers[{number}].expires is no date"
    for number, result in enumerate(report["results"]):
        yield from _result(result, report, f"{place}.results[{number}]")
    for number, exchange in enumerate(report["exchanges"]):
        messages = [exchange["request"], *([exchange["response"]] if exchange["response"] else [])]
        if any(len(header) != 2 for message in messages for header in message["headers"]):
            yield f"{place}.exchanges[{number}] has a header that is no pair"


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _result(result: ResultShape, report: ReportShape, here: str) -> Iterator[str]:
    if not _RULE.fullmatch(result["rule"]):
        yield f"{here}.rule is no id of a rule"
    for finding in result["findings"]:
        yield from _misplaced(finding["shown"], len(report["exchanges"]), f"{here}, a finding's shown")
        yield from _misplaced(finding["waiver"], len(report["waivers"]), f"{here}, a finding's waiver")
    for entry in result["entries"]:
        if not entry["findings"]:
            yield f"{here}, an entry has no findings"
        yield from _misplaced(entry["waiver"], len(report["waivers"]), f"{here}, an entry's waiver")
        for index in entry["findings"]:
            yield from _misplaced(index, len(result["findings"]), f"{here}, a finding of an entry")


def _words(value: object, place: str, name: str = "") -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from _words(inner, f"{place}.{key}", key)
        case list():
            for number, inner in enumerate(value):
                yield from _words(inner, f"{place}[{number}]")
        case int() if abs(value) > _MOST:
            yield f"{place} is larger than anything that is counted"
        case str() if name in _KINDS and value not in [*_KINDS[name]]:
            yield f"{place} is {value[:40]!r}, expected one of {', '.join(_KINDS[name])}"


def _misplaced(index: int | None, length: int, what: str) -> Iterator[str]:
    if index is not None and not 0 <= index < length:
        yield f"{what} is {index}, and there are {length}"
