"""How late a server is: a job that goes the way of an answer tells, by a clock that the test turns."""

import threading
import time
from collections.abc import Callable

import pytest

from fake_idp import FakeIdp
from fake_idp.http import lag as module
from fake_idp.http.lag import Lag
from fake_idp.http.server import Server
from fake_idp.http.signers import Done, Work
from tests.fake_idp.peer import PATIENCE, Peer


class LagHarness:
    """Stands for the loop and the signing thread: a job ends when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0
        self.due: list[tuple[float, Callable[[], None]]] = []
        self.jobs: list[Done] = []
        self.lag = Lag(self, self, lambda: self.now)  # type: ignore[arg-type]  # it has what is used of both

    def call_later(self, pause: float, work: Callable[[], None]) -> None:
        self.due.append((self.now + pause, work))

    def share(self, work: Work, done: Done, *, quick: bool) -> None:
        # On the loop's own thread it would not wait for the signing thread.
        assert not quick
        self.jobs.append(lambda _: done(work()))

    def pass_through(self, *, waits: float = 0.0, signs: float = 0.0) -> None:
        """Let the next job start so late, and then take so long."""
        if self.due:
            due, work = self.due.pop()
            self.now = due + waits
            work()
        else:
            self.now += waits
            self.lag.begin()
        self.now += signs
        self.jobs.pop()(RuntimeError())


def test_a_job_in_time_is_no_hold_up() -> None:
    """Nothing is late on a machine that has time, however long it runs."""
    harness = LagHarness()
    for _ in range(50):
        harness.pass_through()
    assert harness.lag.since(100.0) == 0.0
    assert harness.now > 104.0


@pytest.mark.parametrize(("waits", "signs"), [(3.0, 0.0), (0.0, 3.0), (1.0, 2.0)])
def test_who_waits_for_the_loop_or_the_signing_thread_is_late(waits: float, signs: float) -> None:
    """An answer goes through both, and so does the job."""
    harness = LagHarness()
    harness.pass_through()
    harness.pass_through(waits=waits, signs=signs)
    harness.pass_through()
    assert harness.lag.since(100.0) == pytest.approx(3.0)


def test_a_hold_up_that_lasts_counts() -> None:
    """A child that gave up may be judged before the loop has its turn again."""
    harness = LagHarness()
    harness.pass_through()
    harness.now = harness.due[0][0] + 5.0
    assert harness.lag.since(100.0) == pytest.approx(5.0)


def test_only_what_came_after_the_moment_counts() -> None:
    """Of a hold-up that had begun before, its rest; the longest decides, and a short one hides no longer one."""
    harness = LagHarness()
    harness.pass_through(waits=7.0)
    end = harness.now
    harness.pass_through(waits=2.0)
    harness.pass_through(waits=4.0)
    harness.pass_through(waits=1.0)
    assert harness.lag.since(100.0) == pytest.approx(7.0)
    assert harness.lag.since(end - 5.0) == pytest.approx(5.0)
    assert harness.lag.since(end) == pytest.approx(4.0)
    assert harness.lag.since(harness.now - 1.0) == pytest.approx(1.0)
    assert harness.lag.since(harness.now) == 0.0


def test_little_is_remembered() -> None:
    """A server that runs for months keeps a few hold-ups: one that was no longer than a later one tells nothing."""
    harness = LagHarness()
    for number in range(1_000):
        harness.pass_through(waits=(number * 7919 % 1_000) / 1_000)
    assert len(harness.lag._held) < 20


def test_a_server_measures_from_the_first_question_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the first job, a server that has time would seem to be held up for ever."""
    begun = threading.Event()
    monkeypatch.setattr(Lag, "begin", lambda _: begun.set())
    with Server() as server:
        server.serve(FakeIdp())
        assert not begun.is_set()
        assert server.lag is server.lag
        assert begun.wait(PATIENCE)


def test_a_server_whose_loop_stands_still_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The job runs as long as the server does, and anyone may ask while the loop is stuck."""
    monkeypatch.setattr(module, "_EVERY", 0.001)
    stuck, free = threading.Event(), threading.Event()

    def stand(*_: object) -> str:
        stuck.set()
        free.wait(PATIENCE)
        return ""

    with Server() as server:
        lag = server.lag
        with Peer(server.serve(FakeIdp(), identify=stand).port):
            try:
                assert stuck.wait(PATIENCE)
                began = time.monotonic()
                while lag.since(began) < 0.01:
                    assert time.monotonic() < began + PATIENCE
            finally:
                free.set()
