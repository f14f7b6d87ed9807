"""Machines to look at, and one check of one."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NoReturn

from blastiq_conformance.doctor import Check, Machine, diagnose

NOW = datetime(2027, 3, 1, tzinfo=UTC).timestamp()


def clock(*readings: float) -> Callable[[], float]:
    """Give each reading once, the last one for ever."""
    left = list(readings)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def check(name: str, machine: Machine, command: Sequence[str] = (), **environment: str) -> Check:
    """Give one check by its name."""
    (found,) = [each for each in diagnose(command, environment, machine) if each.name == name]
    return found


def fails() -> NoReturn:
    """Be refused by the system."""
    raise PermissionError(13, "Permission denied")
