"""The sequence diagram of a scenario run: requests as arrows, findings pinned to them, the oddity in its place."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.shape import ReportShape, RunShape, SentShape
from blastiq_conformance.writers import finding_text
from blastiq_conformance.writers.text import number
from fake_idp.system.plain_text import plain

# Fewer arrows show a storm as well; the strip has all of them.
MOST_ARROWS = 24
# Characters that fit on a phone.
_LONGEST_LINE = 46
_ENDINGS = {"cut": "cut short", "reset": "reset", "never": "no answer", "left": "client left"}
# Longer than any scenario run; what a report claims beyond it is not drawn.
_LATEST = 86_400_000
Pins = Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A request with its answer: `label` is method and path, `pins` are numbers of findings, `odd` is what it met.

    `start` and `end` are when the request came and its answer had left, in milliseconds since the first request.
    """

    sent: SentShape
    label: str
    answer: str
    bad: bool
    pins: tuple[int, ...]
    odd: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """A scenario run to be drawn: `unmet` is an oddity that no request met.

    `length` is how long the run took, at least a millisecond; `brief` says how many requests came in which time, `told`
    is the run in a sentence.
    """

    title: str
    scenario: str
    timed: bool
    arrows: tuple[Arrow, ...]
    unmet: tuple[str, ...]
    length: int
    brief: str
    told: str


def pinned(report: ReportShape) -> Pins:
    """Number the findings as they are listed, and give for each exchange shown the numbers of those that name it."""
    return grouped(
        (shown, index)
        for index, group in enumerate(finding_text.groups(report["results"]), start=1)
        for shown in dict.fromkeys(finding["shown"] for finding in group.findings)
        if shown is not None
    )


def diagrams(report: ReportShape, pins: Pins) -> list[Diagram]:
    """Give the runs in the report; the first is the plainest."""
    return [_diagram(scenario_run, pins) for scenario_run in report["volatile"].get("plays", ())]


def _diagram(scenario_run: RunShape, pins: Pins) -> Diagram:
    odd = tuple(textwrap.wrap(plain(scenario_run["oddity"]), _LONGEST_LINE))
    arrows = tuple(_arrows(scenario_run, pins, odd))
    length = max((arrow.end for arrow in arrows), default=0) or 1
    brief = number(len(arrows), "request") + (f" in {duration(length)}" if scenario_run["timed"] else "")
    found = len({pin for arrow in arrows for pin in arrow.pins})
    return Diagram(
        title=plain(f"{scenario_run['scenario'] or 'recording'} {scenario_run['variant']}").strip(),
        scenario=scenario_run["scenario"],
        timed=scenario_run["timed"],
        arrows=arrows,
        unmet=() if any(arrow.odd for arrow in arrows) else odd,
        length=length,
        brief=brief,
        told=f"{brief}; {number(found, 'finding')}" if found else brief,
    )


def _arrows(scenario_run: RunShape, pins: Pins, odd: tuple[str, ...]) -> Iterator[Arrow]:
    for sent in scenario_run["exchanges"]:
        status = [] if sent["status"] is None else [str(sent["status"])]
        ended = [_ENDINGS[sent["ending"]]] if sent["ending"] in _ENDINGS else []
        took = [duration(sent["end"] - sent["start"])] if scenario_run["timed"] and status else []
        found = () if sent["shown"] is None else tuple(pins.get(sent["shown"], ()))
        path, query, _ = sent["target"].partition("?")
        yield Arrow(
            sent=sent,
            label=plain(f"{sent['method']} {path}{'?…' if query else ''}"),
            answer=", ".join(status + ended + took),
            bad=bool(ended) or sent["status"] is None or sent["status"] >= 400,
            pins=found,
            odd=odd if sent["exchange"] == scenario_run["odd"] else (),
            start=min(sent["start"], _LATEST),
            end=min(max(sent["end"], sent["start"]), _LATEST),
        )


def duration(milliseconds: int) -> str:
    """Say how long something took."""
    shown = max(0, min(milliseconds, _LATEST))
    return f"{shown} ms" if shown < 1_000 else f"{shown / 1_000:.1f} s"
