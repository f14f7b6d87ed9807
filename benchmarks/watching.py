"""What `serve` costs beside the answers: judging them as they arrive, and the memory that they take."""

import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.judging import journal as traffic
from benchmarks.load import run_load
from benchmarks.process import memory
from benchmarks.signing import USER
from benchmarks.table import Row
from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.cli.live import tell_arrivals
from blastiq_conformance.control.ledger import Ledger
from blastiq_conformance.control.shown import Showing
from blastiq_conformance.control.watch import Watch
from fake_idp.journal import Exchange, Journal
from fake_idp.secrets.search import Secret

_KEEP = 10_000
_WATCHED = 50_000
_SIGN_INS = 50_000
_GOAL = 2_000
_MOST = 80  # MiB
_BODY = (
    f"grant_type=password&username={USER.username}&password={USER.password}&client_id=external.customer"
    "&scope=cosmos+offline_access"
).encode()
_FLAWED = _BODY + b"&audience=x"
_ARRIVED = re.compile(r" *\d+  POST /identity/connect/token")


def _rate(calls: int) -> float:
    """Give how many exchanges a second are watched, shown and judged, with nothing else to do."""
    evidence = traffic(_WATCHED, calls=calls)
    seen = Journal(_KEEP)
    facts = replace(evidence.facts, issued=())
    began = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        ledger = Ledger(tuple(catalogue().values()), facts, lambda: seen.issued, _KEEP)
        watch = Watch(seen, ledger, Showing(facts, (), (tell_arrivals,)))
        for exchange in evidence.exchanges:
            for secret in _issued(exchange):
                seen.issue(secret)
            seen.append(exchange)
        watch.close()
        ledger.judgements()
    return _WATCHED / (time.perf_counter() - began)


def _issued(exchange: Exchange) -> Iterator[Secret]:
    answer = exchange.response.json if exchange.response is not None else None
    if isinstance(answer, dict):
        for kind in ("access_token", "refresh_token"):
            if isinstance(value := answer.get(kind), str):
                yield Secret(kind, value)


@contextlib.contextmanager
def _started(*module: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a server in a process of its own; give it with its token endpoint."""
    command = (sys.executable, "-m", *module, "--user", f"{USER.username}:{USER.password}")
    env = os.environ | {"NO_COLOR": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env) as process:
        try:
            assert process.stdout is not None
            yield process, next(words[1] for words in map(str.split, process.stdout) if words[:1] == ["token"])
        finally:
            process.kill()


def _sign_in(url: str, count: int, body: bytes) -> int:
    done = 0
    while done < count:
        done += run_load(url, lambda _: body, seconds=2.0).answers
    return done


def _memory_of_fake() -> float:
    with _started("fake_idp") as (process, url):
        _sign_in(url, _SIGN_INS, _BODY)
        return memory(process.pid)


class _Reader(threading.Thread):
    """Counts what `serve` shows, as it comes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        super().__init__(daemon=True)
        self._process = process
        self.shown = 0
        self.start()

    def wait_for(self, count: int) -> None:
        while self.shown < count:
            time.sleep(0.01)

    def run(self) -> None:
        for line in self._process.stdout or ():
            self.shown += _ARRIVED.match(line) is not None


def _served() -> tuple[float, float, float, float]:
    """Give exchanges a second until the last is shown, MiB, MiB later, seconds of the end; every sign-in is flawed."""
    with _started("blastiq_conformance", "serve") as (process, url):
        reader, began = _Reader(process), time.perf_counter()
        count = _sign_in(url, 2 * _KEEP, _FLAWED)
        reader.wait_for(count)
        rate = count / (time.perf_counter() - began)
        # Memory grows until what is kept has been settled and dropped a few times.
        count += _sign_in(url, 6 * _KEEP, _FLAWED)
        reader.wait_for(count)
        first = memory(process.pid)
        reader.wait_for(count + _sign_in(url, 3 * _KEEP, _FLAWED))
        last = memory(process.pid)
        _sign_in(url, _KEEP, _FLAWED)
        ending = time.perf_counter()
        process.send_signal(signal.SIGINT)
        process.wait()
        return rate, first, last, time.perf_counter() - ending


def measure() -> list[Row]:
    """Watch without and with a server, and weigh what stays."""
    rows = []
    for what, calls in (("mixed exchanges", 9), ("sign-ins", 0)):
        rate = _rate(calls)
        goal = rate >= _GOAL
        rows.append(Row(f"{_WATCHED:,} {what} watched, shown and judged", f"{rate:,.0f}/s", f"≥ {_GOAL:,}/s", goal))
    rate, first, last, end = _served()
    rows += [
        Row(f"`serve`, {2 * _KEEP:,} flawed sign-ins until the last is shown", f"{rate:,.0f}/s", "–", None),
        Row(
            f"`serve`, resident after {8 * _KEEP:,}, and {3 * _KEEP:,} later",
            f"{first:.0f}, {last:.0f} MiB",
            "≤ 1.1 ×",
            last <= 1.1 * first,
        ),
        Row("`serve`, from Ctrl-C to the verdict", f"{end:.1f} s", "≤ 10 s", end <= 10),
    ]
    fake = _memory_of_fake()
    rows.append(
        Row(f"`fake_idp`, resident after {_SIGN_INS:,} sign-ins", f"{fake:.0f} MiB", f"≤ {_MOST} MiB", fake <= _MOST)
    )
    return rows
