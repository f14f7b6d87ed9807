"""Requests judged as they arrive, each with its findings; for `blastiq serve`."""

import threading
import time
from collections.abc import Callable, Sequence

from blastiq_conformance.catalogue import Finding, Rule
from blastiq_conformance.control.ledger import Ledger, News
from blastiq_conformance.control.scenario_runs import rules_of, scenario_runs
from blastiq_conformance.editions import CURRENT
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.judge.explanations import explained
from blastiq_conformance.report import Judgement
from fake_idp.journal import Entry, Journal
from fake_idp.secrets.redact import Secret

# A verdict on the whole would cost more with every request: live findings look back this far, the last one at all.
_LOOK_BACK = 500
# Who waits for an answer goes first: it rests so many times as long as it worked, for so many seconds at most. Who
# watches sees a request within 0.2 s of its answer.
_REST, _LONGEST_REST = 4.0, 0.1
# As long as they are shown with the answer, tokens need not be told of.
_TOKENS = frozenset({"access_token", "refresh_token"})

Arrival = tuple[Entry, Sequence[Finding]]
Show = Callable[[Sequence[Arrival], Evidence], None]


class Watch:
    """Judges in a thread of its own, so that no answer waits for a verdict: at once what came meanwhile.

    `show` is called with it in order of arrival, each with what is found about it, and with the evidence for that; once
    it can show nothing any more it is not called again.
    """

    def __init__(
        self,
        journal: Journal,
        rules: Sequence[Rule],
        facts: Facts,
        show: Show,
        keep: int | None = None,
        edition: str = CURRENT,
    ) -> None:
        """Follow the journal from now on; so many exchanges are kept whole, all where `keep` is None."""
        self._journal, self._rules = journal, rules
        self._show: Show | None = show
        self._ledger = Ledger(rules, facts, lambda: journal.issued, keep, edition)
        self._shown: set[tuple[str, int | None, str]] = set()
        self._arrived, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="blastiq-watch", daemon=True)
        self._thread.start()
        journal.subscribe(self._note)

    @property
    def gone(self) -> int:
        """How many entries are not kept any more; what was found in them is."""
        return self._ledger.gone

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is kept, and what that rests on, in order of arrival."""
        return self._ledger.entries

    def judgements(self) -> tuple[Judgement, ...]:
        """Judge everything that was seen, each scenario by its own rules."""
        return self._ledger.judgements()

    def close(self) -> None:
        """Show what has arrived, then end."""
        self._closing.set()
        self._arrived.set()
        self._thread.join()

    def _note(self, entry: Entry) -> None:
        self._ledger.add(entry)
        self._arrived.set()

    def _run(self) -> None:
        closing = False
        while not closing:
            self._arrived.wait()
            self._arrived.clear()
            closing, began = self._closing.is_set(), time.monotonic()
            news = self._ledger.news(_LOOK_BACK)
            if news.entries:
                self._tell(news)
            self._ledger.settle()
            self._closing.wait(min(_REST * (time.monotonic() - began), _LONGEST_REST))

    def _tell(self, news: News) -> None:
        if self._show is None:
            return
        seen = (*news.behind, *news.before, *news.entries)
        found = self._new_findings(news, self._ledger.evidence(seen, self._given))
        try:
            self._show(
                [(entry, found.get(entry.number, ())) for entry in news.entries],
                self._ledger.evidence(seen, self._journal.issued),
            )
        except (OSError, ValueError):
            # Nobody sees it any more; the verdict is reached all the same.
            self._show = None

    @property
    def _given(self) -> list[Secret]:
        return [secret for secret in self._journal.issued if secret.kind not in _TOKENS]

    def _new_findings(self, news: News, evidence: Evidence) -> dict[int, list[Finding]]:
        """Judge what is new, with what was before it; a finding about that stands with the last of what is new."""
        new = {entry.number: entry.scenario for entry in news.entries}
        first = min((entry.number for entry in (*news.before, *news.entries)), default=0)
        self._shown = {key for key in self._shown if key[1] is None or key[1] >= first}
        found: dict[int, list[Finding]] = {}
        for scenario_run in scenario_runs(evidence):
            numbers = [number for number, scenario in new.items() if scenario == scenario_run.facts.scenario]
            # D26: what is explained by what is seen with it is not told, as in the verdict.
            (results,) = explained([judge(scenario_run, rules_of(scenario_run, self._rules))] if numbers else [()])
            for result in results:
                for finding in result.findings:
                    key = (finding.rule, finding.exchange, finding.message)
                    if key not in self._shown and (finding.exchange is None or finding.exchange >= first):
                        self._shown.add(key)
                        at = finding.exchange if finding.exchange in new else None
                        found.setdefault(numbers[-1] if at is None else at, []).append(finding)
        return found
