"""The processes that a child leaves behind: its group, and those that left the group, found by their marker."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from blastiq_conformance.runner.process import is_marked, look_at, pids

_PROC = Path("/proc")
_TICK = 0.02
NEVER = threading.Event()


def end(group: int, marker: str, *, grace: float, hurried: threading.Event = NEVER) -> bool:
    """End every process of a child, first politely, after `grace` seconds by force; tell whether any was left.

    Once `hurried` is set there is no more grace.
    """
    found = _alive(group)
    if found:
        send(os.killpg, group, signal.SIGTERM)
        wait(lambda: _alive(group), grace, hurried)
        send(os.killpg, group, signal.SIGKILL)
    strays = tuple(_marked(marker))
    for pid in strays:
        send(os.kill, pid, signal.SIGTERM)
    if strays:
        wait(lambda: any(look_at(pid).runs for pid in strays), grace, hurried)
        # By the marker once more: a stray may have forked meanwhile.
        for pid in _marked(marker):
            send(os.kill, pid, signal.SIGKILL)
    return found or bool(strays)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS answers so for a group of zombies
        return True
    # A zombie does not count: where process 1 reaps none, it would stay forever.
    return any(each.group == group and each.runs for each in map(look_at, pids())) if _PROC.is_dir() else True


def wait(running: Callable[[], bool], grace: float, hurried: threading.Event) -> None:
    """Wait while something runs, at most this long, and no longer once the user is in a hurry."""
    deadline = time.monotonic() + grace
    while running() and time.monotonic() < deadline and not hurried.wait(_TICK):
        pass


def _marked(marker: str) -> Iterator[int]:
    return (pid for pid in pids() if is_marked(pid, marker) and look_at(pid).runs)


def send(kill: Callable[[int, int], None], whom: int, number: signal.Signals) -> None:
    """Send a signal to a process or a group, which may have ended meanwhile."""
    with suppress(ProcessLookupError, PermissionError):
        kill(whom, number)
