"""Processes that left everything by which they can be recognised: group, parent and environment (Linux).

A subreaper (prctl(2)) becomes the parent of all orphans below it.
"""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from blastiq_conformance.runner.process import descendants, look_at, pids
from blastiq_conformance.runner.tree import NEVER, send, wait

_PR_SET_CHILD_SUBREAPER = 36
_GRACE = 0.5
# A process that is told to end may start another one first; one that cannot be ended at all is left.
_ROUNDS = 5


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
            _end(strangers, hurried)
            _become_subreaper(yes=False)


def _become_subreaper(*, yes: bool) -> bool:
    """Give whether the system supports it."""
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
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in trees:
                send(os.kill, pid, number)
            wait(lambda: bool(_left(strangers)), _GRACE, hurried)


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
