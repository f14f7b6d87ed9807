"""One check and its result; and the machine, so that a test can replace it."""

import socket
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Status(StrEnum):
    """The result of a check; a note is worth knowing, but nothing is wrong."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was checked, what was found, and what to do about it, if anything."""

    name: str
    status: Status = Status.OK
    found: str
    advice: str = ""


def problem(name: str, found: str, advice: str = "") -> Check:
    """Say what is wrong, and what to do about it."""
    return Check(name=name, status=Status.PROBLEM, found=found, advice=advice)


def _resolve(name: str) -> Sequence[str]:
    return [str(info[4][0]) for info in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the checks use: clocks in seconds, addresses of a name in order, a listening port, folders.

    `resolve`, `bind` and `temporary` raise OSError if they fail.
    """

    wall: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    resolve: Callable[[str], Sequence[str]] = _resolve
    bind: Callable[[], socket.socket] = lambda: socket.create_server(("127.0.0.1", 0))
    temporary: Callable[[], str] = tempfile.gettempdir
    folder: Path = field(default_factory=Path.cwd)

    def clocks(self) -> tuple[float, float]:
        """Read both clocks."""
        return self.wall(), self.monotonic()
