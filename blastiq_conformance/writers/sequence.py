"""The sequence diagram of a scenario run: requests as arrows, findings pinned to them, the oddity in its place."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.shape import ReportShape, RunShape, SentShape
from blastiq_conformance.writers import finding_text
from blastiq_conformance.writers.text import number, shorten
from fake_idp.system.plain_text import plain

# Fewer arrows show a storm as well; the strip has all of them.
_MOST_ARROWS = 24
# Characters that fit on a phone, less the pins before them.
_LONGEST_LINE = 46
_PIN = 3
_MOST_PINS = 3
_ENDINGS = {"cut": "cut short", "reset": "reset", "never": "no answer", "left": "client left"}
# Longer than any scenario run; what a report claims beyond it is not drawn.
_LATEST = 86_400_000
Pins = Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A request with its answer; `to_api`: it went to the API. `pins` are numbers of findings, `odd` what it met.

    `label` is method and path, `request` as much of it as fits.
    """

    sent: SentShape
    to_api: bool
    label: str
    request: str
    answer: str
    bad: bool
    pins: tuple[int, ...]
    odd: tuple[str, ...]

    @property
    def drawn(self) -> tuple[int, ...]:
        """The findings that fit."""
        return self.pins[:_MOST_PINS]

    @property
    def start(self) -> int:
        """When the request came, in milliseconds since the first."""
        return min(self.sent["start"], _LATEST)

    @property
    def end(self) -> int:
        """When its answer had left."""
        return min(max(self.sent["end"], self.sent["start"]), _LATEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """A scenario run to be drawn; `missing` arrows had no room, `unmet` is an oddity that no request met."""

    title: str
    scenario: str
    timed: bool
    every: tuple[Arrow, ...]
    unmet: tuple[str, ...]

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """Those that are drawn."""
        return self.every[:_MOST_ARROWS]

    @property
    def missing(self) -> int:
        """How many are not."""
        return len(self.every) - len(self.arrows)

    @property
    def length(self) -> int:
        """How long the run took, in milliseconds; at least one."""
        return max((arrow.end for arrow in self.every), default=0) or 1

    @property
    def brief(self) -> str:
        """How many requests came, in which time."""
        return number(len(self.every), "request") + (f" in {duration(self.length)}" if self.timed else "")

    @property
    def told(self) -> str:
        """The run in a sentence."""
        pinned = len({pin for arrow in self.every for pin in arrow.pins})
        found = f"; {number(pinned, 'finding')}" if pinned else ""
        return f"{self.brief}{found}"


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
    every = tuple(_arrows(scenario_run, pins, odd))
    return Diagram(
        title=plain(f"{scenario_run['scenario'] or 'recording'} {scenario_run['variant']}").strip(),
        scenario=scenario_run["scenario"],
        timed=scenario_run["timed"],
        every=every,
        unmet=() if any(arrow.odd for arrow in every) else odd,
    )


def _arrows(scenario_run: RunShape, pins: Pins, odd: tuple[str, ...]) -> Iterator[Arrow]:
    for sent in scenario_run["exchanges"]:
        status = [] if sent["status"] is None else [str(sent["status"])]
        ended = [_ENDINGS[sent["ending"]]] if sent["ending"] in _ENDINGS else []
        took = [duration(sent["end"] - sent["start"])] if scenario_run["timed"] and status else []
        found = () if sent["shown"] is None else tuple(pins.get(sent["shown"], ()))
        path, query, _ = sent["target"].partition("?")
        label = plain(f"{sent['method']} {path}{'?…' if query else ''}")
        room = _LONGEST_LINE - _PIN * len(found[:_MOST_PINS])
        yield Arrow(
            sent=sent,
            to_api=sent["kind"] == "api",
            label=label,
            request=shorten(label, room),
            answer=", ".join(status + ended + took),
            bad=bool(ended) or sent["status"] is None or sent["status"] >= 400,
            pins=found,
            odd=odd if sent["exchange"] == scenario_run["odd"] else (),
        )


def duration(milliseconds: int) -> str:
    """Say how long something took."""
    shown = max(0, min(milliseconds, _LATEST))
    return f"{shown} ms" if shown < 1_000 else f"{shown / 1_000:.1f} s"
