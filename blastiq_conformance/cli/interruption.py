"""What a run makes of the signals that tell it to end: it ends its children, and the verdict still comes."""

import signal
import threading
from contextlib import ExitStack
from types import FrameType, TracebackType
from typing import Self

from fake_idp.stop_signals import heed, stop_signals


class Interruption:
    """The first signal cancels the run, the next gives its children no time.

    What comes after `played` waits for the report; but for Ctrl-C from somebody who has been told so before.
    """

    def __init__(self) -> None:
        """Heed nothing yet."""
        self.cancelled, self.hurried = threading.Event(), threading.Event()
        self.played = False
        self._number = 0
        self._before = ExitStack()

    def __enter__(self) -> Self:
        for number in stop_signals():
            self._before.callback(signal.signal, number, signal.getsignal(number))
        heed(self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._before.close()

    def exit_code(self, code: int) -> int:
        """Give the exit code of what the report has this one for: that of the signal, where there was one."""
        return 128 + self._number if self._number else code

    def _note(self, number: int, _: FrameType | None) -> None:
        if self._number and self.played and number == signal.SIGINT:
            raise KeyboardInterrupt
        (self.hurried if self._number else self.cancelled).set()
        self._number = self._number or number
