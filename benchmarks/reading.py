"""What `check` costs: reading and judging journals and HAR files, memory, and many files on all cores."""

import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.judging import journal
from benchmarks.table import Row
from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.sources import read
from blastiq_conformance.sources.recording import write

_EXCHANGES = 20_000
_TOKEN_URL = "https://www.blastiq.com/identity/connect/token"  # noqa: S105 - an address
_FORM = "application/x-www-form-urlencoded"
_SIGN_IN = "grant_type=password&username=u%40mine.example&password=p9X2mK4vQ7wZ&client_id=external.customer"
_SENT: tuple[str, ...] = ("accept", "accept-encoding", "accept-language", "cache-control", "pragma", "priority")
_SENT += (
    "referer",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-platform",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "user-agent",
)
_ANSWERED = ("cache-control", "date", "etag", "server", "strict-transport-security", "vary", "x-request-id")
# What differs from one request to the next.
_FRESH = frozenset({"referer", "date", "etag", "x-request-id"})
_CHECK = """
import pathlib, sys
from blastiq_conformance.__main__ import main
try:
    main()
finally:
    # Not ru_maxrss: it begins with what the process that started this one holds.
    status = pathlib.Path("/proc/self/status").read_text()
    print(int(status.partition("VmHWM:")[2].split()[0]) // 1024, file=sys.stderr)
"""


class _Browser:
    """Entries as a browser exports them: a page with its scripts and pictures, and now and then a sign-in."""

    def __init__(self) -> None:
        self._random = random.Random(13)

    def entries(self) -> Iterator[dict[str, object]]:
        """Browse without end."""
        token = ""
        for index in range(10_000_000):
            if index % 50 == 0:
                token = self._random.randbytes(300).hex()
                body = json.dumps({"access_token": token, "expires_in": 3600, "token_type": "Bearer"})
                post = {"mimeType": _FORM, "text": _SIGN_IN, "params": []}
                yield self._entry(_TOKEN_URL, index, body, {"method": "POST", "postData": post, "bodySize": 95})
            elif index % 5 == 1:
                header = {"name": "authorization", "value": f"Bearer {token}"}
                yield self._entry("https://www.blastiq.com/api/x", index, json.dumps([1] * 500), {}, header)
            else:
                page = '<div class="x">héllo\n\t"q"</div>' * int(self._random.expovariate(1 / 500))
                yield self._entry(f"https://cdn.example/asset{index}.js", index, page, {})

    def _fields(self, names: tuple[str, ...]) -> list[dict[str, str]]:
        return [
            {"name": name, "value": self._random.randbytes(15).hex() if name in _FRESH else name * 5} for name in names
        ]

    def _entry(
        self, url: str, index: int, body: str, more: dict[str, object], *headers: dict[str, str]
    ) -> dict[str, object]:
        cookie = {"name": "a", "value": "b", "path": "/", "domain": "www.blastiq.com", "httpOnly": True, "secure": True}
        request: dict[str, object] = {
            "method": "GET",
            "url": url,
            "httpVersion": "http/2.0",
            "headers": [{"name": ":authority", "value": url.split("/")[2]}, *self._fields(_SENT), *headers],
            "queryString": [],
            "cookies": [cookie] * 3,
            "headersSize": -1,
            "bodySize": 0,
        }
        answer = [*self._fields(_ANSWERED), {"name": "content-type", "value": "application/json"}]
        hour, minute = divmod(index, 60)
        return {
            "_initiator": {"type": "script", "stack": {"callFrames": [{"functionName": "x", "lineNumber": 1}] * 5}},
            "_resourceType": "fetch",
            "request": request | more,
            "response": {
                "status": 200,
                "statusText": "",
                "httpVersion": "http/2.0",
                "headers": answer,
                "content": {"size": len(body), "mimeType": "text/html", "text": body},
                "_transferSize": len(body),
            },
            "startedDateTime": f"2026-01-{1 + hour // 24 % 28:02}T{hour % 24:02}:{minute:02}:00.000Z",
            "time": 12.3,
            "timings": {"blocked": 1.2, "dns": -1, "ssl": -1, "connect": -1, "send": 0.1, "wait": 10.2, "receive": 0.3},
        }


def write_har(path: Path, size: int) -> None:
    """Write a HAR of about so many bytes, two spaces deep as browsers do."""
    written = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"log": {"version": "1.2", "creator": {"name": "Firefox", "version": "1"}, "entries": [')
        for entry in _Browser().entries():
            text = (",\n" if written else "") + json.dumps(entry, indent=2)
            written += file.write(text)
            if written > size:
                break
        file.write("]}}")


def _seconds(*works: Callable[[], object], rounds: int = 5) -> list[float]:
    """Give the CPU seconds of each, the best of some rounds in turn, with the collector held back as `check` does."""
    best = [float("inf")] * len(works)
    gc.disable()
    try:
        for _ in range(rounds):
            for index, work in enumerate(works):
                started = time.process_time()
                work()
                best[index] = min(best[index], time.process_time() - started)
                gc.collect()
    finally:
        gc.enable()
    return best


def _judge(path: Path) -> None:
    for evidence in read(path):
        judge(evidence, catalogue().values())


def _check(*arguments: str) -> tuple[float, int, str]:
    """Run `blastiq check` and give wall seconds, the most memory in MiB, and what it printed."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _CHECK, "check", "--format", "json", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    return time.perf_counter() - started, int(done.stderr.splitlines()[-1]), done.stdout


def _journal(folder: Path) -> Row:
    path = folder / "journal"
    path.write_text(write(journal(_EXCHANGES)))
    rate = _EXCHANGES / _seconds(lambda: _judge(path))[0]
    return Row("`check`, exchanges of a journal read and judged", f"{rate:,.0f}/s", "≥ 20,000/s", rate >= 20_000)


def _har(folder: Path) -> Row:
    path = folder / "har"
    write_har(path, 60_000_000)
    alone, all_of_it = _seconds(lambda: json.loads(path.read_bytes()), lambda: _judge(path))
    share = alone / all_of_it
    text = f"{share:.2f} × ({all_of_it:.2f} s against {alone:.2f} s)"
    return Row("a HAR of 60 MB, read and judged, against json.loads alone", text, "≥ 0.5 ×", share >= 0.5)


def _large(folder: Path) -> Row:
    path = folder / "large"
    write_har(path, 1 << 30)
    seconds, memory, _ = _check(str(path))
    path.unlink()
    return Row("`check` of a HAR of 1 GiB", f"{memory} MiB, {seconds:.0f} s", "≤ 200 MiB", memory <= 200)


def _many(folder: Path) -> Row:
    files = folder / "many"
    files.mkdir()
    browser = _Browser().entries()
    for index in range(1_000):
        entries = list(islice(browser, 25))
        (files / f"{index:04}").write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    one, _, first = _check("--jobs", "1", str(files))
    several, _, second = _check(str(files))
    text = f"{several:.1f} s on {os.cpu_count()} cores, {one:.1f} s on one"
    return Row("1,000 HAR files, the same bytes out", text, "faster", first == second and several < one)


def measure() -> list[Row]:
    """Measure all four; `check` runs in its own process, since this one's memory would say nothing."""
    with tempfile.TemporaryDirectory() as folder:
        return [work(Path(folder)) for work in (_journal, _har, _large, _many)]
