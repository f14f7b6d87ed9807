"""A process as /proc shows it: its parent, its children, its open files; nothing on platforms without /proc."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")


class Process(NamedTuple):
    """A process and not only its number, which another one gets later: `started` is in ticks since boot."""

    pid: int
    started: int = 0
    parent: int = 0
    group: int = 0
    runs: bool = False


def look_at(pid: int) -> Process:
    """Look a process up; one that is gone has no start, no parent and no group. A zombie does not run."""
    with suppress(OSError, ValueError, IndexError):
        # The name stands in parentheses and may hold spaces and parentheses itself.
        fields = (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return Process(pid, started=int(fields[19]), parent=int(fields[1]), group=int(fields[2]), runs=fields[0] != "Z")
    return Process(pid)


def descendants(pid: int) -> Iterator[int]:
    """Give a process and all its descendants, each before its children."""
    yield pid
    with suppress(OSError):
        for children in (_PROC / str(pid) / "task").glob("*/children"):
            for child in children.read_text("ascii").split():
                yield from descendants(int(child))


def words_of(pid: int) -> tuple[str, ...]:
    """Give the arguments of a process; none where it has ended, or never had any."""
    with suppress(OSError):
        return tuple(os.fsdecode(word) for word in _read(pid, "cmdline").split(b"\0")[:-1])
    return ()


def descriptors(pid: int) -> Iterator[tuple[str, str]]:
    """Give the link of each descriptor of a process, and where it leads: a path, or such as `socket:[4711]`."""
    folder = f"{_PROC}/{pid}/fd"
    with suppress(OSError):
        for number in os.listdir(folder):  # noqa: PTH208 - ten times as fast
            with suppress(OSError):
                yield (link := f"{folder}/{number}"), os.readlink(link)  # noqa: PTH115 - as above


def is_marked(pid: int, marker: str) -> bool:
    """Whether a process has this in its environment."""
    with suppress(OSError):
        return marker.encode() in _read(pid, "environ")
    return False


def pids() -> Iterator[int]:
    """Give the number of every process."""
    with suppress(OSError):
        yield from (int(name) for name in os.listdir(_PROC) if name.isdigit())  # noqa: PTH208 - ten times as fast


def _read(pid: int, name: str) -> bytes:
    with open(f"{_PROC}/{pid}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 - ten times as fast
        return file.read()
