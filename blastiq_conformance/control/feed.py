"""What the live page shows: the last requests, and every finding once; each reader gets what is new to it."""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from blastiq_conformance.control.ledger import MOST
from blastiq_conformance.control.shown import Shown, ShownFinding
from fake_idp.wire import Json

# More requests than these at each turn nobody could read; the page says how many it left out.
_REQUESTS = 100
_MEMBERS = [each.name for each in fields(Shown) if each.name != "findings"]


@dataclass(slots=True)
class _Group:
    """Findings that say the same: how often, and in which requests first and last."""

    finding: ShownFinding
    first: int
    last: int
    count: int = 0
    turn: int = 0


class Feed:
    """Takes what is shown, in any thread, and keeps a bounded part of it."""

    def __init__(self, scenario: Callable[[], str]) -> None:
        """Start empty; `scenario` names the current one."""
        self._scenario = scenario
        self._lock = threading.Lock()
        self._turn = self._total = 0
        # As text, made by the thread that judges: readers are served by the one that answers requests.
        self._requests: deque[tuple[int, str]] = deque(maxlen=_REQUESTS)
        self._groups: dict[tuple[str, ...], _Group] = {}

    def __call__(self, arrivals: Sequence[Shown]) -> None:
        """Take what has arrived."""
        texts = [json.dumps(_members(shown)) for shown in arrivals[-_REQUESTS:]]
        with self._lock:
            self._turn += 1
            self._total += len(arrivals)
            self._requests += [(self._turn, text) for text in texts]
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
        """Give a function for one reader: each call gives what is new as an event, nothing where there is nothing new.

        The first event includes the greeting.
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
                requests = [text for turn, text in self._requests if turn > told]
                event |= {"skipped": self._total - total - len(requests)}
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
            return f'data: {json.dumps(event)[:-1]}, "requests": [{", ".join(requests)}]}}\n\n'.encode()

        return more


def _members(shown: Shown) -> dict[str, Json]:
    members = {name: getattr(shown, name) for name in _MEMBERS}
    return members | {"found": {finding.rule: finding.severity for finding in shown.findings}}
