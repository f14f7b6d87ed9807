"""The signals that tell a program to end."""

import signal
from collections.abc import Callable
from types import FrameType

# Not every system has all of them.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")


def stop_signals() -> tuple[signal.Signals, ...]:
    """Give those that this process heeds; a signal that was ignored at its start (nohup) stays ignored."""
    known = (getattr(signal, name) for name in _NAMES if hasattr(signal, name))
    return tuple(number for number in known if signal.getsignal(number) is not signal.SIG_IGN)


def heed(handler: Callable[[int, FrameType | None], object]) -> None:
    """Call the handler with each of them from now on."""
    for number in stop_signals():
        signal.signal(number, handler)
