"""Who signs what: one thread beside the loop's, and the loop's own while that one has enough to do."""

import asyncio
import threading
from collections.abc import Callable, Coroutine

import pytest

from fake_idp.http.signers import Outcome, Signers
from fake_idp.wire import Response
from tests.fake_idp.peer import PATIENCE

OK = Response(status=200)


class SignerHarness:
    """Hands out work that says which thread did it, and keeps what came of it."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.signers = Signers(self.loop)
        self.allowed, self.more = threading.Event(), asyncio.Event()
        self.by, self.outcomes = list[str](), list[Outcome]()

    def note(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.more.set()

    def give(self, *, quick: bool = True, waits: bool = False) -> None:
        def work() -> Response:
            assert not waits or self.allowed.wait(PATIENCE)
            self.by.append("thread" if threading.current_thread() is not threading.main_thread() else "loop")
            return OK

        self.signers.share(work, self.note, quick=quick)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self.outcomes) < count:
                self.more.clear()
                await self.more.wait()


def run_scene(scene: Callable[[SignerHarness], Coroutine[object, object, None]]) -> None:
    async def run() -> None:
        harness = SignerHarness()
        try:
            await scene(harness)
        finally:
            harness.allowed.set()
            harness.signers.close()

    asyncio.run(run())


def test_the_loop_signs_what_the_thread_has_no_time_for() -> None:
    """With one answer in its hands and two to go on with, the thread is given no more: both cores sign."""

    async def scene(harness: SignerHarness) -> None:
        harness.give(waits=True)
        for _ in range(3):
            harness.give()
        assert (harness.by, harness.outcomes) == (["loop"], [OK])
        harness.allowed.set()
        await harness.until(4)
        assert harness.by == ["loop", "thread", "thread", "thread"]
        harness.give()
        await harness.until(5)
        assert harness.by[-1] == "thread"

    run_scene(scene)


def test_what_takes_its_time_never_stops_the_loop() -> None:
    """A new key, or the first page, waits for the thread, however much waits there already."""

    async def scene(harness: SignerHarness) -> None:
        for waits in (True, False, False):
            harness.give(quick=False, waits=waits)
        assert harness.by == []
        harness.allowed.set()
        await harness.until(3)
        assert harness.by == ["thread"] * 3

    run_scene(scene)


@pytest.mark.parametrize("where", ["thread", "loop"])
def test_a_failure_is_told_to_who_waits(where: str) -> None:
    """Whoever made the answer, it is an outcome, and the next answer is made all the same."""

    def fail() -> Response:
        raise RuntimeError(where)

    async def scene(harness: SignerHarness) -> None:
        if where == "loop":
            harness.give(waits=True)
            harness.give()
            harness.give()
        harness.signers.share(fail, harness.note, quick=True)
        harness.allowed.set()
        await harness.until(4 if where == "loop" else 1)
        assert [str(each) for each in harness.outcomes if isinstance(each, Exception)] == [where]
        harness.give()
        await harness.until(5 if where == "loop" else 2)

    run_scene(scene)


def test_the_loop_is_woken_once_for_all_that_are_made() -> None:
    """Waking it is a system call: what is made before it comes round is fetched with the rest."""

    async def scene(harness: SignerHarness) -> None:
        woken: list[Callable[[], object]] = []
        harness.loop.call_soon_threadsafe = woken.append  # type: ignore[assignment,method-assign]  # the loop of this test alone
        harness.give(quick=False)
        harness.give(quick=False)
        harness.signers._jobs.put(None)
        assert harness.signers._thread is not None
        harness.signers._thread.join(PATIENCE)
        assert len(woken) == 1
        woken[0]()
        assert harness.outcomes == [OK, OK]

    run_scene(scene)
