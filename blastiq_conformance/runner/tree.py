"""The processes that a child leaves: its group, and those that left the group, found by the marker they inherited."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from blastiq_conformance.runner.process import is_marked, pids

_PROC = Path("/proc")
_TICK = 0.02
NEVER = threading.Event()


def end(group: int, marker: str, *, grace: float, hurried: threading.Event = NEVER) -> bool:
    """End every process of a child, first politely, after `grace` seconds by force; tell whether any was left.

    Once `hurried` is set there is no grace any more.
    """
    found = _alive(group)
    if found:
        _signal_group(group, signal.SIGTERM)
        _wait(lambda: _alive(group), grace, hurried)
        _signal_group(group, signal.SIGKILL)
    strays = tuple(_marked(marker))
    for pid in strays:
        _signal(pid, signal.SIGTERM)
    if strays:
        _wait(lambda: any(_running(pid) for pid in strays), grace, hurried)
        # Once more by the marker: a stray may have forked meanwhile.
        for pid in _marked(marker):
            _signal(pid, signal.SIGKILL)
    return found or bool(strays)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS answers so for a group of zombies
        return True
    return _group_runs(group) if _PROC.is_dir() else True


def _group_runs(group: int) -> bool:
    # A zombie counts as no member: where process 1 reaps nothing it would stay for ever.
    return any(found == group and state != "Z" for found, state in map(_stat, pids()))


def _stat(pid: int) -> tuple[int, str]:
    with suppress(OSError, ValueError, IndexError):
        # The name stands in parentheses and may hold spaces and parentheses itself.
        fields = (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return int(fields[2]), fields[0]
    return 0, "Z"


def _running(pid: int) -> bool:
    return _stat(pid)[1] != "Z"


def _wait(running: Callable[[], bool], grace: float, hurried: threading.Event) -> None:
    deadline = time.monotonic() + grace
    while running() and time.monotonic() < deadline and not hurried.wait(_TICK):
        pass


def _marked(marker: str) -> Iterator[int]:
    return (pid for pid in pids() if is_marked(pid, marker) and _running(pid))


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)
