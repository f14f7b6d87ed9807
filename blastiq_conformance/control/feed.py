"""What the live page shows: the last requests, every finding once; each reader gets what it has not been told yet."""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from blastiq_conformance.control.settlement import MOST
from blastiq_conformance.control.shown import Shown, ShownFinding
from fake_idp.wire import Json

# A page can be read at no more requests a second than this many at each of its turns; it says how many it left out.
_REQUESTS = 100


@dataclass(slots=True)
class _Group:
    """Findings that say the same: how often it was found, and in which requests first and last."""

    finding: ShownFinding
    first: int
    last: int
    count: int = 0
    turn: int = 0


class Feed:
    """Takes what is shown, in any thread; what it keeps is bounded, however long it goes on."""

    def __init__(self, scenario: Callable[[], str]) -> None:
        """Begin with nothing; `scenario` names the present one."""
        self._scenario = scenario
        self._lock = threading.Lock()
        self._turn = self._total = 0
        self._requests: deque[tuple[int, Shown]] = deque(maxlen=_REQUESTS)
        self._groups: dict[tuple[str, ...], _Group] = {}

    def __call__(self, arrivals: Sequence[Shown]) -> None:
        """Take what came meanwhile."""
        with self._lock:
            self._turn += 1
            self._total += len(arrivals)
            self._requests += [(self._turn, shown) for shown in arrivals]
            for shown in arrivals:
                for finding in shown.findings:
                    self._group(finding, shown.number)

    def _group(self, finding: ShownFinding, number: int) -> None:
        key = (finding.rule, finding.message, finding.received)
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) >= MOST:
                return
            group = self._groups[key] = _Group(finding, number, number)
        group.count, group.last, group.turn = group.count + 1, number, self._turn

    def reader(self, greeting: Mapping[str, Json]) -> Callable[[], bytes]:
        """Give what tells one reader, each time it is called, what is new as an event; nothing where nothing is.

        The greeting is a part of the first one.
        """
        told, known, total = 0, "", 0
        first = dict(greeting)

        def more() -> bytes:
            nonlocal told, known, total
            present = self._scenario()
            with self._lock:
                if told == self._turn and known == present and not first:
                    return b""
                event: dict[str, Json] = {**first, "playing": present, "total": self._total}
                requests: list[Json] = [_members(shown) for turn, shown in self._requests if turn > told]
                event |= {"requests": requests, "skipped": self._total - total - len(requests)}
                event["findings"] = [
                    {
                        **asdict(group.finding),
                        "id": index,
                        "first": group.first,
                        "last": group.last,
                        "count": group.count,
                    }
                    for index, group in enumerate(self._groups.values())
                    if group.turn > told
                ]
                told, known, total = self._turn, present, self._total
            first.clear()
            return f"data: {json.dumps(event)}\n\n".encode()

        return more


def _members(shown: Shown) -> dict[str, Json]:
    found: dict[str, Json] = {finding.rule: finding.severity for finding in shown.findings}
    return {
        "number": shown.number,
        "request": shown.request,
        "answer": shown.answer,
        "what": shown.what,
        "api": shown.api,
        "scenario": shown.scenario,
        "at": shown.at,
        "found": found,
    }
