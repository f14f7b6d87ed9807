"""How late a server is: a job that goes the way of an answer four times a second tells how long that was held up."""

import asyncio
import time
from collections.abc import Callable

from fake_idp.http.signers import Signers
from fake_idp.wire import Response

_EVERY = 0.25
_NOTHING = Response(status=204)


class Lag:
    """Notes how late each job is: whoever stops the process, or gives it no time, delays answers as much.

    The job takes the signing thread as well: that may wait for a processor when the loop does not.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, signers: Signers, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Measure nothing yet; `now` is the clock."""
        self._loop, self._signers, self._now = loop, signers, now
        self._due = now()
        # When each hold-up ended, and its length; one that was no longer than a later one tells nothing more.
        self._held: tuple[tuple[float, float], ...] = ()

    def begin(self) -> None:
        """Start the job that is due; belongs to the loop's thread."""
        self._signers.share(lambda: _NOTHING, lambda _: self._note(), quick=False)

    def since(self, moment: float) -> float:
        """Give the seconds of the longest hold-up since that moment, also of one that lasts; any thread may ask."""
        now = self._now()
        # Before what was noted, or a hold-up that ends between the two is missed.
        lasting = now, now - self._due
        return max(min(late, end - moment) for end, late in (*self._held, lasting, (moment, 0.0)))

    def _note(self) -> None:
        now = self._now()
        late = now - self._due
        self._held = (*(each for each in self._held if each[1] > late), (now, late))
        self._due = now + _EVERY
        self._loop.call_later(_EVERY, self.begin)
