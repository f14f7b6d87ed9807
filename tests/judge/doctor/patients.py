"""Machines to look at, and one check of one."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from blastiq_conformance.doctor import Check, diagnose

NOW = datetime(2027, 3, 1, tzinfo=UTC).timestamp()
_LOOK_UP = socket.getaddrinfo


@dataclass
class Machine:
    """A machine, of which a test replaces a part."""

    patch: pytest.MonkeyPatch
    folder: Path

    def replace(
        self,
        *,
        clocks: Callable[[], tuple[float, float]] | None = None,
        resolve: Callable[[], Sequence[str]] | None = None,
        bind: Callable[[], socket.socket] | None = None,
        temporary: Callable[[], str] | None = None,
    ) -> None:
        """Let it have other clocks, addresses of localhost, ports, or temporary files."""
        if clocks:
            self.patch.setattr("blastiq_conformance.doctor.clocks", clocks)
        if resolve:

            def look_up(host: str, *more: Any, **options: Any) -> Sequence[Any]:
                # The port on 127.0.0.1 is looked up as well.
                if host == "localhost":
                    return [(0, 0, 0, "", (each, 0)) for each in resolve()]
                return _LOOK_UP(host, *more, **options)

            self.patch.setattr("socket.getaddrinfo", look_up)
        if bind:
            self.patch.setattr("socket.create_server", lambda *_, **__: bind())
        if temporary:
            self.patch.setattr("tempfile.gettempdir", temporary)


def readings(*both: tuple[float, float]) -> Callable[[], tuple[float, float]]:
    """Give each reading of the clocks once, the last one for ever."""
    left = list(both)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def check(name: str, machine: Machine, command: Sequence[str] = (), **environment: str) -> Check:
    """Give one check by its name."""
    (found,) = [each for each in diagnose(command, environment, machine.folder) if each.name == name]
    return found


def fails() -> NoReturn:
    """Be refused by the system."""
    raise PermissionError(13, "Permission denied")
