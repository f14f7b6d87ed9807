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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from blastiq_conformance.runner.process import descendants, is_marked, look_at, pids

_PROC = Path("/proc")
_TICK = 0.02
NEVER = threading.Event()
_PR_SET_CHILD_SUBREAPER = 36
_GRACE = 0.5
# A process that is told to end may start another one first; one that cannot be ended at all is left.
_ROUNDS = 5


def end(group: int, marker: str, *, grace: float, hurried: threading.Event = NEVER) -> bool:
    """End every process of a child, first politely, after `grace` seconds by force; tell whether any was left.

    Once `hurried` is set there is no more grace.
    """
    found = _alive(group)
    if found:
        _send(os.killpg, group, signal.SIGTERM)
        _wait(lambda: _alive(group), grace, hurried)
        _send(os.killpg, group, signal.SIGKILL)
    strays = tuple(_marked(marker))
    for pid in strays:
        _send(os.kill, pid, signal.SIGTERM)
    if strays:
        _wait(lambda: any(look_at(pid).runs for pid in strays), grace, hurried)
        # By the marker once more: a stray may have forked meanwhile.
        for pid in _marked(marker):
            _send(os.kill, pid, signal.SIGKILL)
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


def _wait(running: Callable[[], bool], grace: float, hurried: threading.Event) -> None:
    """Wait while something runs, at most this long, and no longer once the user is in a hurry."""
    deadline = time.monotonic() + grace
    while running() and time.monotonic() < deadline and not hurried.wait(_TICK):
        pass


def _marked(marker: str) -> Iterator[int]:
    return (pid for pid in pids() if is_marked(pid, marker) and look_at(pid).runs)


def _send(kill: Callable[[int, int], None], whom: int, number: signal.Signals) -> None:
    """Send a signal to a process or a group, which may have ended meanwhile."""
    with suppress(ProcessLookupError, PermissionError):
        kill(whom, number)


@contextmanager
def adopted(hurried: threading.Event = NEVER) -> Iterator[None]:
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
            _end_orphans(strangers, hurried)
            _become_subreaper(yes=False)


def _become_subreaper(*, yes: bool) -> bool:
    """Give whether the system supports it."""
    if sys.platform != "linux":
        return False
    with suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(yes), 0, 0, 0) == 0)
    return False


def _end_orphans(strangers: frozenset[int], hurried: threading.Event) -> None:
    for _ in range(_ROUNDS):
        orphans = _left(strangers)
        if not orphans:
            return
        trees = [pid for orphan in orphans for pid in descendants(orphan)]
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in trees:
                _send(os.kill, pid, number)
            _wait(lambda: bool(_left(strangers)), _GRACE, hurried)


def _left(strangers: frozenset[int]) -> list[int]:
    """Give the children that still run, and reap those that have ended."""
    left = []
    for pid in _children():
        if pid in strangers:
            continue
        with suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG) == (0, 0):
                left.append(pid)
    return left


def _children() -> Iterator[int]:
    me = os.getpid()
    return (pid for pid in pids() if look_at(pid).parent == me)
