"""Processes that have left all behind by which they are told: group, parent and environment (Linux).

As a subreaper (prctl(2)) a process is the parent of whatever those that it started leave behind.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from blastiq_conformance.runner.process import descendants, look_at, pids
from blastiq_conformance.runner.tree import NEVER

_PR_SET_CHILD_SUBREAPER = 36
_GRACE = 0.5
_TICK = 0.02
# One that is told to end may start another first; one that cannot be ended at all is left.
_ROUNDS = 5


@contextmanager
def adopted(hurried: threading.Event = NEVER) -> Iterator[None]:
    """End, when the block ends, all processes that were started in it and are still there.

    For a process that plays, and starts nothing else: it would end that as well. Once `hurried` is set they are given
    no time.
    """
    strangers = frozenset(_children())
    adopts = _become_subreaper(yes=True)
    try:
        yield
    finally:
        if adopts:
            _end(strangers, hurried)
            _become_subreaper(yes=False)


def _become_subreaper(*, yes: bool) -> bool:
    """Tell whether the system can do it."""
    if sys.platform != "linux":
        return False
    with suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(yes), 0, 0, 0) == 0)
    return False


def _end(strangers: frozenset[int], hurried: threading.Event) -> None:
    for _ in range(_ROUNDS):
        orphans = _left(strangers)
        if not orphans:
            return
        trees = [pid for orphan in orphans for pid in descendants(orphan)]
        for number, grace in ((signal.SIGTERM, _GRACE), (signal.SIGKILL, _GRACE)):
            for pid in trees:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)
            deadline = time.monotonic() + grace
            while _left(strangers) and time.monotonic() < deadline and not hurried.wait(_TICK):
                pass


def _left(strangers: frozenset[int]) -> list[int]:
    """Give the children that run, and take leave of those that have ended."""
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
