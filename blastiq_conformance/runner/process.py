"""A process as /proc shows it: who started it, what it started, what it holds; nothing where the platform has none."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")


class Process(NamedTuple):
    """A process and not its number alone, which another has later: `started` is in ticks since the machine did."""

    pid: int
    started: int
    parent: int


def look_at(pid: int) -> Process:
    """Look who it is; one that has gone began with the machine and was started by nobody."""
    with suppress(OSError, ValueError, IndexError):
        # The name stands in parentheses and may hold spaces and parentheses itself.
        fields = (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return Process(pid, started=int(fields[19]), parent=int(fields[1]))
    return Process(pid, started=0, parent=0)


def descendants(pid: int) -> Iterator[int]:
    """Give a process and all that it and its children have started, each before what it started."""
    yield pid
    with suppress(OSError):
        for children in (_PROC / str(pid) / "task").glob("*/children"):
            for child in children.read_text("ascii").split():
                yield from descendants(int(child))


def words_of(pid: int) -> tuple[str, ...]:
    """Give the arguments of a process; none where it has ended, or never had any."""
    with suppress(OSError):
        return tuple(os.fsdecode(word) for word in (_PROC / str(pid) / "cmdline").read_bytes().split(b"\0")[:-1])
    return ()


def holds(pid: int, what: str) -> bool:
    """Tell whether one of the descriptors of a process leads to this, such as `socket:[4711]`."""
    folder = f"{_PROC}/{pid}/fd"
    with suppress(OSError):
        for number in os.listdir(folder):  # noqa: PTH208 - ten times as fast
            with suppress(OSError):
                if os.readlink(f"{folder}/{number}") == what:  # noqa: PTH115 - as above
                    return True
    return False


def is_marked(pid: int, marker: str) -> bool:
    """Tell whether a process was given this in its environment."""
    with suppress(OSError):
        return marker.encode() in (_PROC / str(pid) / "environ").read_bytes()
    return False


def pids() -> Iterator[int]:
    """Give the number of every process."""
    with suppress(OSError):
        yield from (int(name) for name in os.listdir(_PROC) if name.isdigit())  # noqa: PTH208 - ten times as fast
