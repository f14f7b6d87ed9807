"""Requests judged as they arrive, each with its findings, for `blastiq serve`."""

import gc
import sys
import threading
import time
from collections.abc import Callable, Sequence

from blastiq_conformance.catalogue import Finding
from blastiq_conformance.control.ledger import Ledger, News
from blastiq_conformance.control.scenario_runs import scenario_runs
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.judge.explanations import explained
from blastiq_conformance.trial.judging import rules_for
from fake_idp.journal import Entry, Journal

# A verdict on the whole would cost more with every request: live findings look back this far, the final verdict at all.
_LOOK_BACK = 500
# Clients that wait for an answer go first: the watch rests this many times as long as it worked, up to this many
# seconds. A request is shown within 0.2 s of its answer.
_REST, _LONGEST_REST = 4.0, 0.1
# Seconds for which the watch holds Python's lock while an answer waits: by default 5 ms, as long as five answers take.
_SWITCH = 0.0002
# A look for garbage in everything that is kept stops all answers, at ten thousand exchanges for 0.1 s, and by default
# there is one every two thousand requests. The watch looks after each judging, only among what is new; what is left is
# kept. Python itself looks once there is that much more.
_YOUNG = 1
_NEW_OBJECTS = 50_000
# A load test is answered faster than it is judged. Beyond so many entries that wait to be judged, each new one holds
# the answers up for so many seconds: memory stays bounded, and so does the wait for the verdict.
_MOST_WAITING, _BRAKE = 5_000, 0.001
# The evidence has the answers that brought the tokens.
_TOKENS = frozenset({"access_token", "refresh_token"})

Arrival = tuple[Entry, Sequence[Finding]]
Show = Callable[[Sequence[Arrival], Evidence], None]


class Watch:
    """Judges in a thread of its own, each time all that has arrived meanwhile; answers wait only where too much has.

    `show` is called with the new entries in order of arrival, each with its findings, and with the evidence for these.
    """

    def __init__(self, journal: Journal, ledger: Ledger, show: Show) -> None:
        """Follow the journal from now on; the ledger keeps what was seen."""
        self._journal, self._ledger, self._show = journal, ledger, show
        self._shown: set[tuple[str, int | None, str]] = set()
        self._arrived, self._closing = threading.Event(), threading.Event()
        self._usual = sys.getswitchinterval(), gc.get_threshold()
        sys.setswitchinterval(_SWITCH)
        gc.set_threshold(_NEW_OBJECTS)
        self._thread = threading.Thread(target=self._run, name="blastiq-watch", daemon=True)
        self._thread.start()
        journal.subscribe(self._note)

    def close(self) -> None:
        """Show what has arrived, then end."""
        self._closing.set()
        self._arrived.set()
        self._thread.join()
        sys.setswitchinterval(self._usual[0])
        gc.set_threshold(*self._usual[1])

    def _note(self, entry: Entry) -> None:
        self._ledger.add(entry)
        self._arrived.set()
        if self._ledger.waiting > _MOST_WAITING:
            time.sleep(_BRAKE)

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
            gc.collect(_YOUNG)
            self._closing.wait(min(_REST * (time.monotonic() - began), _LONGEST_REST))

    def _tell(self, news: News) -> None:
        seen = (*news.behind, *news.before, *news.entries)
        issued = self._journal.issued
        given = [secret for secret in issued if secret.kind not in _TOKENS]
        found = self._new_findings(news, self._ledger.evidence(seen, given))
        arrivals = [(entry, found.get(entry.number, ())) for entry in news.entries]
        self._show(arrivals, self._ledger.evidence(seen, issued))

    def _new_findings(self, news: News, evidence: Evidence) -> dict[int, list[Finding]]:
        """Judge what is new with what came before it; a finding about an older entry goes with the last new one."""
        new = {entry.number: entry.scenario for entry in news.entries}
        first = min((entry.number for entry in (*news.before, *news.entries)), default=0)
        self._shown = {key for key in self._shown if key[1] is None or key[1] >= first}
        found: dict[int, list[Finding]] = {}
        for scenario_run in scenario_runs(evidence):
            numbers = [number for number, scenario in new.items() if scenario == scenario_run.facts.scenario]
            # D26: as in the verdict, a finding that another one explains is left out.
            (results,) = explained(
                [judge(scenario_run, rules_for(scenario_run, self._ledger.rules))] if numbers else [()]
            )
            for result in results:
                for finding in result.findings:
                    key = (finding.rule, finding.exchange, finding.message)
                    if key not in self._shown and (finding.exchange is None or finding.exchange >= first):
                        self._shown.add(key)
                        at = finding.exchange if finding.exchange in new else None
                        found.setdefault(numbers[-1] if at is None else at, []).append(finding)
        return found
