"""Who signs: one thread beside the loop's, and the loop's own while that one has enough to do."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

from fake_idp.wire import Response

Work = Callable[[], Response]
Outcome = Response | Exception
Done = Callable[[Outcome], None]

# How many answers the thread is given ahead: one that it makes, and two to go on with while the loop signs. With one to
# go on with, the thread ran out of work: a twentieth fewer answers.
_AHEAD = 3


class Signers:
    """Makes answers that take a signature. A signature needs no lock of Python's, so two of them are made at once.

    Handing an answer to another thread and back costs a third of a signature; hence one thread only beside the
    loop's. `share` and what it calls belong to the loop's thread.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Serve that loop; the thread starts with the first answer."""
        self._loop = loop
        self._thread: threading.Thread | None = None
        self._jobs: SimpleQueue[tuple[Work, Done] | None] = SimpleQueue()
        self._made: deque[tuple[Done, Outcome]] = deque()
        self._ahead = 0
        self._called = False

    def share(self, work: Work, done: Done, *, quick: bool) -> None:
        """Make an answer, in the thread or here; here only what is `quick`, for the loop waits meanwhile."""
        if quick and self._ahead >= _AHEAD:
            # Meanwhile nobody need call: what the thread makes is fetched right afterwards.
            self._called = True
            done(outcome_of(work))
            self._answer_call()
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="fake-idp-signer", daemon=True)
            self._thread.start()
        self._ahead += 1
        self._jobs.put((work, done))

    def close(self) -> None:
        """End the thread; everything that it was given has been made."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            work, done = job
            self._made.append((done, outcome_of(work)))
            # One call for as many as are there by the time that the loop comes to it: each wakes it by a system call.
            if not self._called:
                self._called = True
                self._loop.call_soon_threadsafe(self._answer_call)

    def _answer_call(self) -> None:
        # In this order: what is made from here on calls again.
        self._called = False
        while self._made:
            done, outcome = self._made.popleft()
            self._ahead -= 1
            done(outcome)


def outcome_of(work: Work) -> Outcome:
    """Do some work, and give what went wrong in place of what it makes."""
    try:
        return work()
    except Exception as failure:  # noqa: BLE001 - told to whoever waits for the answer, on the loop's thread
        return failure
