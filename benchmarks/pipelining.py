"""A peer that sends thousands of requests ahead: its rate of answers, and the memory that the fake holds meanwhile."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import wrk
from benchmarks.load import Load
from benchmarks.process import memory
from benchmarks.table import Row
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.journal import Entry, Journal

_AHEAD = 20_000
_ROUNDS = 3
_MOST = 8.0


class _Forgetful(Journal):
    """Keeps nothing, so that only the server's memory grows."""

    def append(self, entry: Entry) -> None:
        """Forget it."""


def serve() -> None:
    """Serve until standard input ends, in a process of its own, so that only it bears the cost of wrk's requests."""
    with Server() as server:
        print(server.serve(FakeIdp(journal=_Forgetful())).discovery_url, flush=True)
        sys.stdin.read()


@contextmanager
def _served() -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-c", "from benchmarks.pipelining import serve; serve()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process.pid
        process.stdin.close()


def measure() -> list[Row]:
    """Compare with peers that wait for each answer."""
    if not wrk.INSTALLED:
        return [Row("pipelining", "left out: needs wrk", "", None)]
    with _served() as (url, pid):
        wrk.get(url)
        before = memory(pid, "VmHWM")
        rounds = [(wrk.get(url), wrk.get(url, ahead=_AHEAD)) for _ in range(_ROUNDS)]
        grown = memory(pid, "VmHWM") - before
    one, many = (max(loads, key=lambda load: load.per_second) for loads in zip(*rounds, strict=True))
    return [_speed(one, many), _memory(grown)]


def _speed(one: Load, many: Load) -> Row:
    times = many.per_second / one.per_second
    told = f"{many.per_second:,.0f}/s, {times:.2f} × of {one.per_second:,.0f}/s, {one.errors + many.errors} errors"
    met = times >= 1 and not one.errors + many.errors
    return Row(f"{_AHEAD:,} requests sent ahead on each of {wrk.CONNECTIONS} connections", told, "≥ 1 ×, no error", met)


def _memory(grown: float) -> Row:
    return Row("memory beyond that of peers that wait", f"{grown:.1f} MiB", f"≤ {_MOST:g} MiB", grown <= _MOST)
