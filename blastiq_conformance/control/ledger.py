"""What is kept while requests are watched without end: the last exchanges whole, of older ones the findings.

Whenever there are twice as many exchanges as are to be kept, all of them are judged. What this finds in the middle
half, which has as much before it as after it, is settled, and the first half goes. So each finding is made with the
exchanges around it in sight, and as long as nothing has gone the judgement is the one on the whole.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from blastiq_conformance.catalogue import Finding, Outcome, Profile, Result, Rule, worst
from blastiq_conformance.control.background import Background
from blastiq_conformance.control.scenario_runs import scenario_runs
from blastiq_conformance.editions import CURRENT
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.report import Judgement
from blastiq_conformance.trial.judging import judge_together
from fake_idp.journal import Connection, Entry, Exchange
from fake_idp.secrets.search import Secret

# A report shows no more exchanges than this; of a rule's findings in older ones no more are kept either.
MOST = 1_000
_DECIDED = frozenset({Outcome.FAILED, Outcome.CANT_TELL, Outcome.PASSED})
_number = attrgetter("number")


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What has come, in order of arrival, what came just before it, and what both rest on."""

    entries: tuple[Entry, ...]
    before: tuple[Entry, ...]
    behind: tuple[Exchange, ...]


@dataclass(slots=True)
class _Said:
    """What one rule said in one scenario."""

    last: Result
    checked: int = 0
    findings: list[Finding] = field(default_factory=list)


class Settlement:
    """Findings about the exchanges up to `end`, which stand whatever is found there later."""

    def __init__(self) -> None:
        """Begin with nothing settled."""
        self.end = 0
        self._said: dict[tuple[str, str], _Said] = {}
        self._named: dict[int, Exchange] = {}

    def settle(self, judged: Iterable[Judgement], end: int) -> None:
        """Take the findings about the exchanges from the last end to this one."""
        for judgement in judged:
            exchanges = {exchange.number: exchange for exchange in judgement.evidence.exchanges}
            for result in judgement.results:
                said = self._said.setdefault((judgement.scenario, result.rule), _Said(result))
                if result.outcome in _DECIDED:
                    said.last = replace(result, findings=())
                said.checked = max(said.checked, result.checked)
                new = [x for x in result.findings if x.exchange is not None and self.end < x.exchange <= end]
                new = new[: MOST - len(said.findings)]
                said.findings += new
                for exchange in (exchanges[x.exchange] for x in new if x.exchange in exchanges):
                    if len(self._named) < MOST:
                        self._named[exchange.number] = exchange
        self.end = end

    def complete(self, judged: Iterable[Judgement]) -> Iterator[Judgement]:
        """Add what is settled to what is found now."""
        for judgement in judged:
            yield self._completed(judgement) if self.end else judgement

    def _completed(self, judgement: Judgement) -> Judgement:
        scenario, evidence = judgement.scenario, judgement.evidence
        named = {number: exchange for number, exchange in self._named.items() if exchange.scenario == scenario}
        named |= {exchange.number: exchange for exchange in evidence.exchanges}
        return replace(
            judgement,
            evidence=replace(evidence, exchanges=tuple(named[number] for number in sorted(named))),
            results=tuple(self._joined(scenario, result) for result in judgement.results),
        )

    def _joined(self, scenario: str, result: Result) -> Result:
        said = self._said.get((scenario, result.rule))
        if said is None:
            return result
        findings = (*said.findings, *(x for x in result.findings if x.exchange is None or x.exchange > self.end))
        checked = max(result.checked, said.checked)
        if findings:
            return Result(
                rule=result.rule,
                outcome=Outcome.FAILED,
                severity=worst(findings),
                findings=findings,
                checked=checked,
            )
        # What was seen once stays seen, though its exchanges are gone.
        known = result if result.outcome in _DECIDED else said.last
        if known.outcome is Outcome.FAILED:
            # It rested on exchanges that have gone: when all of these were in sight, nothing was found.
            return Result(rule=result.rule, outcome=Outcome.PASSED, checked=checked)
        return replace(known, checked=checked)


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
        self.rules, self._facts, self._issued, self._keep, self._edition = rules, facts, issued, keep, edition
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
        runs = scenario_runs(self.evidence(entries, self._issued()))
        return tuple(judge_together(runs, self.rules, Profile.ARTICLE, self._edition))


def _exchanges(entries: Iterable[Entry]) -> list[Exchange]:
    return [entry for entry in entries if isinstance(entry, Exchange)]


def told_of_gone(count: int) -> tuple[str, ...]:
    """Say in a note of the report how much is not kept any more, if anything."""
    if not count:
        return ()
    told = (
        f"The oldest {count:,} requests are not kept. What was found in them stands here, up to {MOST:,} findings a "
        "rule; all counts are of the others. Keep more with --keep N, or all of them in a file with --journal FILE."
    )
    return (told,)
