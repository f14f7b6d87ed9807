"""What stop signals do to a run, where several come at once."""

import signal
import threading
from collections.abc import Callable

import pytest

from blastiq_conformance.cli.ending import Interruption


class Interrupted(threading.Event):
    """An event in whose `set` another signal arrives; to set it within that would wait for itself."""

    def __init__(self, arrive: Callable[[], None]) -> None:
        super().__init__()
        self._arrive, self._setting = arrive, False

    def set(self) -> None:
        assert not self._setting, "this waits for itself"
        self._setting = True
        self._arrive()
        super().set()
        self._setting = False


@pytest.mark.parametrize("which", ["cancelled", "hurried"])
def test_a_signal_that_comes_while_one_is_noted_stops_nothing(which: str) -> None:
    """Whoever presses Ctrl-C five times at once is heard, and nothing waits for itself."""
    interruption = Interruption()
    setattr(interruption, which, Interrupted(lambda: interruption._note(signal.SIGINT, None)))
    with interruption.running():
        for _ in range(3):
            interruption._note(signal.SIGINT, None)
    assert interruption.cancelled.is_set()
    assert interruption.hurried.is_set()
    assert interruption.exit_code(0) == 130
