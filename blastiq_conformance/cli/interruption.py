"""What stop signals do to a run: it ends its children and still gives the verdict."""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Self

from fake_idp.system.stop_signals import heed, stop_signals


class Interruption:
    """The first signal cancels the run, the second gives its children no more time.

    Once no child runs, the report is written first, unless Ctrl-C is pressed for a second time.
    """

    def __init__(self) -> None:
        """Handle no signal yet."""
        self.cancelled, self.hurried = threading.Event(), threading.Event()
        self._number = 0
        self._running = self._hurries = False
        self._before = ExitStack()

    def __enter__(self) -> Self:
        for number in stop_signals():
            self._before.callback(signal.signal, number, signal.getsignal(number))
        heed(self._note)
        return self

    def __exit__(self, *exc: object) -> None:
        self._before.close()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Note that children run while the block does."""
        self._running = True
        try:
            yield
        finally:
            self._running = False

    def exit_code(self, code: int) -> int:
        """Give the exit code: that of the signal, if there was one; in a report it is 130 for all signals."""
        return 128 + self._number if self._number else code

    def _note(self, number: int, _: FrameType | None) -> None:
        if self._number and not self._running and number == signal.SIGINT:
            raise KeyboardInterrupt
        # Noted before an event is set: a signal that comes meanwhile lands here again, and to set the same event within
        # its own `set` would wait for itself.
        if not self._number:
            self._number = number
            self.cancelled.set()
        elif not self._hurries:
            self._hurries = True
            self.hurried.set()
