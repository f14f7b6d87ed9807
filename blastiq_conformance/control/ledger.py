"""What is kept while requests are watched without end: the last exchanges whole, of older ones the findings.

Whenever there are twice as many exchanges as are to be kept, all of them are judged. What this finds in the middle
half, which has as much before it as after it, is settled, and the first half goes. So each finding is made with the
exchanges around it in sight, and as long as nothing has gone the judgement is the one on the whole.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from blastiq_conformance.catalogue import Profile, Rule
from blastiq_conformance.control.background import Background
from blastiq_conformance.control.scenario_runs import judgements
from blastiq_conformance.control.settlement import Settlement
from blastiq_conformance.editions import CURRENT
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.report import Judgement
from fake_idp.journal import Connection, Entry, Exchange
from fake_idp.secrets.redact import Secret

_number = attrgetter("number")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What has come, in order of arrival, what came just before it, and what both rest on."""

    entries: tuple[Entry, ...]
    before: tuple[Entry, ...]
    behind: tuple[Exchange, ...]


class Ledger:
    """Takes entries as they come, in any thread, and gives the judgement on all that came so far."""

    def __init__(
        self,
        rules: Sequence[Rule],
        facts: Facts,
        issued: Callable[[], Iterable[Secret]],
        keep: int | None = None,
        edition: str = CURRENT,
    ) -> None:
        """Start empty; `keep` entries are kept whole, all where it is None."""
        self._rules, self._facts, self._issued, self._keep, self._edition = rules, facts, issued, keep, edition
        # The first is held for a moment, by whoever adds an entry; the other as long as it takes to judge.
        self._lock, self._judging = threading.Lock(), threading.Lock()
        self._entries: list[Entry] = []
        self._taken = 0
        self._background = Background()
        self._behind: tuple[Exchange, ...] = ()
        self._settlement = Settlement()
        self.gone = 0

    def add(self, entry: Entry) -> None:
        """Take what has come."""
        with self._lock:
            self._entries.append(entry)

    @property
    def waiting(self) -> int:
        """How many entries were not given as news yet."""
        return len(self._entries) - self._taken

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is kept, and what that rests on, in order of arrival."""
        with self._judging:
            return self._all()

    def news(self, look_back: int) -> News:
        """Give what has arrived since the last call, and `look_back` entries before it."""
        with self._lock:
            new = sorted(self._entries[self._taken :], key=_number)
            before = self._entries[max(self._taken - look_back, 0) : self._taken]
            self._taken = len(self._entries)
        self._background.add(_exchanges(new))
        behind = self._background.behind(_exchanges((*before, *new)))
        return News(entries=tuple(new), before=tuple(before), behind=tuple(behind))

    def evidence(self, entries: Iterable[Entry], issued: Iterable[Secret]) -> Evidence:
        """Make evidence of some entries."""
        ordered = sorted(entries, key=_number)
        return Evidence(
            exchanges=tuple(_exchanges(ordered)),
            connections=tuple(entry for entry in ordered if isinstance(entry, Connection)),
            facts=replace(self._facts, issued=(*self._facts.issued, *issued)),
        )

    def judgements(self) -> tuple[Judgement, ...]:
        """Judge everything that has come, each scenario by its own rules."""
        with self._judging:
            return tuple(self._settlement.complete(self._judge(self._all())))

    def settle(self) -> None:
        """Settle and drop old entries once there are enough, of those that were given as news."""
        keep = self._keep
        if keep is None or self._taken <= 2 * keep:
            return
        with self._judging:
            entries = sorted(self._entries[: self._taken], key=_number)
            kept = entries[-keep:]
            # What is settled has half of what is kept after it, and had at least as much before it.
            self._settlement.settle(self._judge((*self._behind, *entries)), kept[(keep - 1) // 2].number)
            self._behind = tuple(self._background.behind(_exchanges(kept)))
            self._background = Background((*self._behind, *_exchanges(kept)))
            with self._lock:
                self._entries[: self._taken] = kept
                self._taken = keep
                self.gone += len(entries) - keep

    def _all(self) -> tuple[Entry, ...]:
        with self._lock:
            return tuple(sorted((*self._behind, *self._entries), key=_number))

    def _judge(self, entries: Sequence[Entry]) -> tuple[Judgement, ...]:
        return judgements(self.evidence(entries, self._issued()), self._rules, Profile.ARTICLE, self._edition)


def _exchanges(entries: Iterable[Entry]) -> list[Exchange]:
    return [entry for entry in entries if isinstance(entry, Exchange)]
