"""Who signs what: one thread beside the loop's, and the loop's own while that one has enough to do."""

import asyncio
import threading
from collections.abc import Callable, Coroutine

import pytest

from fake_idp.http.signers import Outcome, Signers
from fake_idp.wire import Response
from tests.fake_idp.peer import PATIENCE

OK = Response(status=200)


class Desk:
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


def play(scene: Callable[[Desk], Coroutine[object, object, None]]) -> None:
    async def run() -> None:
        desk = Desk()
        try:
            await scene(desk)
        finally:
            desk.allowed.set()
            desk.signers.close()

    asyncio.run(run())


def test_the_loop_signs_what_the_thread_has_no_time_for() -> None:
    """With one answer in its hands and one to go on with, the thread is given no more: both cores sign."""

    async def scene(desk: Desk) -> None:
        desk.give(waits=True)
        desk.give()
        desk.give()
        assert (desk.by, desk.outcomes) == (["loop"], [OK])
        desk.allowed.set()
        await desk.until(3)
        assert desk.by == ["loop", "thread", "thread"]
        desk.give()
        await desk.until(4)
        assert desk.by[-1] == "thread"

    play(scene)


def test_what_takes_its_time_never_stops_the_loop() -> None:
    """A new key, or the first page, waits for the thread, however much waits there already."""

    async def scene(desk: Desk) -> None:
        for waits in (True, False, False):
            desk.give(quick=False, waits=waits)
        assert desk.by == []
        desk.allowed.set()
        await desk.until(3)
        assert desk.by == ["thread"] * 3

    play(scene)


@pytest.mark.parametrize("where", ["thread", "loop"])
def test_a_failure_is_told_to_who_waits(where: str) -> None:
    """Whoever made the answer, it is an outcome, and the next answer is made all the same."""

    def fail() -> Response:
        raise RuntimeError(where)

    async def scene(desk: Desk) -> None:
        if where == "loop":
            desk.give(waits=True)
            desk.give()
        desk.signers.share(fail, desk.note, quick=True)
        desk.allowed.set()
        await desk.until(3 if where == "loop" else 1)
        assert [str(each) for each in desk.outcomes if isinstance(each, Exception)] == [where]
        desk.give()
        await desk.until(4 if where == "loop" else 2)

    play(scene)


def test_the_loop_is_woken_once_for_all_that_are_made() -> None:
    """Waking it is a system call: what is made before it comes round is fetched with the rest."""

    async def scene(desk: Desk) -> None:
        woken: list[Callable[[], object]] = []
        desk.loop.call_soon_threadsafe = woken.append  # type: ignore[assignment,method-assign]
        desk.give(quick=False)
        desk.give(quick=False)
        desk.signers._jobs.put(None)
        assert desk.signers._thread is not None
        desk.signers._thread.join(PATIENCE)
        assert len(woken) == 1
        woken[0]()
        assert desk.outcomes == [OK, OK]

    play(scene)
