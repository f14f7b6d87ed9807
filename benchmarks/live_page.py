"""What watching costs: the same load on `serve`, with its page open in a browser and closed, in turn."""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.load import request_bytes, run_paced
from benchmarks.process import serving
from benchmarks.signing import USER
from benchmarks.table import Row

_RATE = 1_000
_ROUNDS = 4
_SECONDS = 5.0
_ASKED = 25
_DISCOVERY = "/identity/.well-known/openid-configuration"
_SCRIPT = Path(__file__).with_suffix(".js")
# A tenth are sign-ins with a finding, the most expensive to answer and to show: with more of them a core is busy
# signing, and waiting for that says nothing about the page.
_BODY = (
    f"grant_type=password&username={USER.username}&password={USER.password}&client_id=external.customer&audience=x"
).encode()


@contextmanager
def _open(chromium: str, folder: Path, address: str, seen: list[tuple[float, float, list[float]]]) -> Iterator[None]:
    command = ("node", str(_SCRIPT), chromium, str(folder / "profile"), address, _DISCOVERY, str(_ASKED))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as page:
        assert page.stdin is not None
        assert page.stdout is not None
        assert page.stdout.readline() == "open\n"
        yield
        page.stdin.close()
        seen.append(json.loads(page.stdout.readline()))


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure() -> list[Row]:
    """Offer the load in turn; the medians are those of all rounds, the CPU time is the server's own."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    asked = ("node", "-e", "require.resolve('puppeteer-core')")
    if not chromium or not shutil.which("node") or subprocess.run(asked, capture_output=True, check=False).returncode:
        return [Row("the live page", "left out: needs node, puppeteer-core in NODE_PATH, and Chromium", "–", None)]
    spent: dict[bool, list[float]] = {False: [], True: []}
    worked = dict.fromkeys(spent, 0.0)
    seen: list[tuple[float, float, list[float]]] = []
    command = ("blastiq_conformance", "serve", "--user", f"{USER.username}:{USER.password}")
    with tempfile.TemporaryDirectory() as name, serving(*command) as (serve, told):
        url = told["authority"] + "/connect/token"
        host = urlsplit(url).netloc
        discovery = f"GET {_DISCOVERY} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        requests = [request_bytes(url, _BODY), *[discovery] * 9]
        run_paced(url, requests, rate=_RATE, seconds=1.0)

        def load(*, watched: bool) -> None:
            before = _cpu(serve.pid)
            spent[watched] += run_paced(url, requests, rate=_RATE, seconds=_SECONDS)
            worked[watched] += _cpu(serve.pid) - before

        # Each is first every other time: what is kept grows meanwhile.
        for turn in range(2 * _ROUNDS):
            if turn % 4 in {1, 2}:
                load(watched=False)
            else:
                with _open(chromium, Path(name), told["page"], seen):
                    load(watched=True)
    closed, opened = (statistics.median(spent[watched]) * 1000 for watched in (False, True))
    each, other = (worked[watched] / len(spent[watched]) * 1e6 for watched in (False, True))
    still = max(row[0] for row in seen)
    counted = seen[-1][1]
    expected = _RATE + 2 * _ROUNDS * _RATE * _SECONDS + _ROUNDS * _ASKED
    waits = [wait for _, _, waits in seen for wait in waits]
    return [
        Row(
            f"{_RATE:,} requests a second offered to `serve`, median answer with the page open and closed",
            f"{opened:.2f} ms, {closed:.2f} ms: {opened / closed:.2f} ×",
            "≤ 1.05 ×",
            opened <= 1.05 * closed,
        ),
        Row("the same, CPU time of `serve` a request", f"{other:.0f} µs, {each:.0f} µs", "–", None),
        Row("the same, the longest that the page stood still", f"{still:.0f} ms", "≤ 500 ms", still <= 500),
        Row(
            f"{len(waits)} requests one by one, from the answer until it stands on the page: median, longest",
            f"{statistics.median(waits):.0f} ms, {max(waits):.0f} ms",
            "≤ 200 ms",
            max(waits) <= 200,
        ),
        Row("the same, requests that the page has counted", f"{counted:,.0f}", f"{expected:,.0f}", counted == expected),
    ]
