"""The processes that a child leaves behind, ended: its group, those with its marker, and on Linux all its orphans.

An orphan may have left everything by which it can be recognised: group, parent and environment. A subreaper (prctl(2))
becomes the parent of all orphans below it.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from blastiq_conformance.runner.process import descendants, is_marked, look_at, pids

_PROC = Path("/proc")
_TICK = 0.02
_PR_SET_CHILD_SUBREAPER = 36
_GRACE = 0.5
# A process that is told to end may start another one first; one that cannot be ended at all is left.
_ROUNDS = 6


def end(group: int, marker: str, *, grace: float, hurried: threading.Event) -> None:
    """End every process of a child, first politely, after `grace` seconds by force.

    Once `hurried` is set there is no more grace.
    """
    _end_all(lambda: _left_of(group, marker), grace, hurried)


def _end_all(left: Callable[[], Collection[int]], grace: float, hurried: threading.Event) -> None:
    number = signal.SIGTERM
    for _ in range(_ROUNDS):
        # Anew each time: one of them may have started another one meanwhile.
        found = left()
        if not found:
            return
        for whom in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(whom, number)
        deadline = time.monotonic() + grace
        while left() and time.monotonic() < deadline and not hurried.wait(_TICK):
            pass
        number, grace = signal.SIGKILL, _GRACE


def _left_of(group: int, marker: str) -> list[int]:
    """Give whom to kill(2) of a child's processes: its group, as a negative number, and those that left the group."""
    marked = (look_at(pid) for pid in pids() if is_marked(pid, marker))
    strays = [each.pid for each in marked if each.runs and each.group != group]
    return [-group, *strays] if _is_alive(group) else strays


def _is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS answers so for a group of zombies
        return True
    # A zombie does not count: where process 1 reaps none, it would stay forever.
    return any(each.group == group and each.runs for each in map(look_at, pids())) if _PROC.is_dir() else True


@contextmanager
def adopted(hurried: threading.Event) -> Iterator[None]:
    """End, when the block ends, all processes that were started in it and are still there.

    Only for a process that runs scenarios and starts nothing else, because that would be ended too. Once `hurried` is
    set, they are killed at once.
    """
    strangers = frozenset(_children())
    adopts = _become_subreaper(yes=True)
    try:
        yield
    finally:
        if adopts:
            _end_all(lambda: _trees_below(strangers), _GRACE, hurried)
            _become_subreaper(yes=False)


def _become_subreaper(*, yes: bool) -> bool:
    """Give whether the system supports it."""
    if sys.platform != "linux":
        return False
    with suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(yes), 0, 0, 0) == 0)
    return False


def _trees_below(strangers: frozenset[int]) -> list[int]:
    """Give the children that still run, with all that they started, and reap those that have ended."""
    left: list[int] = []
    for pid in _children():
        if pid not in strangers:
            with suppress(ChildProcessError):
                if os.waitpid(pid, os.WNOHANG) == (0, 0):
                    left += descendants(pid)
    return left


def _children() -> Iterator[int]:
    me = os.getpid()
    return (pid for pid in pids() if look_at(pid).parent == me)
