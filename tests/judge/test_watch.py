"""Requests judged as they arrive, and shown."""

import gc
import sys
import threading
from collections.abc import Sequence

import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.control.ledger import Ledger
from blastiq_conformance.control.shown import Showing, Shown
from blastiq_conformance.control.watch import Arrival, Watch
from blastiq_conformance.evidence import Evidence
from fake_idp.journal import Connection, Entry, Journal
from tests.judge.test_ledger import FACTS, seen

pytestmark = pytest.mark.slow

RULES = tuple(catalogue().values())


class Screen:
    """Notes what is shown; the first time it waits until all has come."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.times = 0
        self.all_came = threading.Event()

    def __call__(self, arrivals: Sequence[Arrival], _: Evidence) -> None:
        self.times += 1
        self.arrivals += arrivals
        self.all_came.wait(10)

    @property
    def found(self) -> dict[int, list[str]]:
        """The rules that stand under each entry."""
        return {entry.number: [finding.rule for finding in findings] for entry, findings in self.arrivals if findings}


def kept(journal: Journal, keep: int | None = None) -> Ledger:
    return Ledger(RULES, FACTS, lambda: journal.issued, keep)


def watched(entries: Sequence[Entry], screen: Screen) -> None:
    journal = Journal()
    watch = Watch(journal, kept(journal), screen)
    for entry in entries:
        journal.append(entry)
    screen.all_came.set()
    watch.close()


def test_what_comes_while_it_judges_is_judged_at_once() -> None:
    """Each is shown once, in order, with what is found in it, though not each had a judging of its own."""
    entries = seen(["sign in", "sign in with audience", "call"] * 30)
    screen = Screen()
    watched(entries, screen)
    assert [entry.number for entry, _ in screen.arrivals] == list(range(1, 91))
    assert screen.times <= 3
    audience = [number for number, rules in screen.found.items() if "BIQ211" in rules]
    assert audience == list(range(2, 91, 3))
    assert all(rules.count("BIQ211") == 1 for rules in screen.found.values() if "BIQ211" in rules)


def test_an_answer_does_not_wait_for_the_judge() -> None:
    """While it watches, threads take turns often and garbage is looked for seldom; afterwards as before."""
    usual = sys.getswitchinterval(), gc.get_threshold()
    watch = Watch(journal := Journal(), kept(journal), Screen())
    assert sys.getswitchinterval() <= 0.001 < usual[0]
    assert gc.get_threshold()[0] >= 10_000 > usual[1][0]
    watch.close()
    assert (sys.getswitchinterval(), gc.get_threshold()) == usual


def test_answers_slow_down_while_too_much_waits_to_be_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under a load that no judge keeps up with, memory and the wait for the verdict stay bounded."""
    slept: list[float] = []
    monkeypatch.setattr("blastiq_conformance.control.watch._MOST_WAITING", 40)
    monkeypatch.setattr("blastiq_conformance.control.watch.time.sleep", slept.append)
    entries = seen(["sign in", *["call"] * 99])
    screen = Screen()
    watched(entries[:30], screen)
    assert not slept
    screen.all_came.clear()
    watched(entries, screen)
    assert 0 < len(slept) <= 60


def test_a_token_from_long_ago_is_known() -> None:
    """Who signed in further back than live findings look is not accused of a strange token."""
    entries = seen(["discover", "sign in", *["call"] * 1_100])
    journal, screen = Journal(), Screen()
    watch = Watch(journal, ledger := kept(journal, 100), screen)
    for entry in entries[:600]:
        journal.append(entry)
    screen.all_came.set()
    while len(screen.arrivals) < 600:
        ledger.judgements()
    for entry in entries[600:]:
        journal.append(entry)
    watch.close()
    assert len(screen.arrivals) == 1_102
    assert screen.found == {}


def test_a_connection_without_a_request_is_shown() -> None:
    """There is nothing to judge in it."""
    screen = Screen()
    watched([Connection(number=1, ending="peer left")], screen)
    assert [(entry.number, list(findings)) for entry, findings in screen.arrivals] == [(1, [])]


@pytest.mark.parametrize(
    "fault", [BrokenPipeError(), UnicodeEncodeError("cp1252", "x", 0, 1, "no"), ValueError("closed")]
)
def test_a_terminal_that_is_gone_costs_no_verdict(fault: Exception) -> None:
    """What cannot be shown is not shown; all the same it is judged."""
    tried = []

    def screen(arrivals: Sequence[Shown]) -> None:
        tried.append(len(arrivals))
        raise fault

    journal = Journal()
    watch = Watch(journal, ledger := kept(journal), Showing(FACTS, (), (screen,)))
    for entry in seen(["sign in with audience"] * 5):
        journal.append(entry)
    watch.close()
    (judgement,) = ledger.judgements()
    (audience,) = [result for result in judgement.results if result.rule == "BIQ211"]
    assert len(audience.findings) == 5
    assert len(tried) == 1
