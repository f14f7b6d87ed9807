"""Grants over HTTP: the fake, one thread that only signs, and two mock servers from npm, in the same run.

wrk is used if it is installed, else a client in Python, which takes a good part of one core itself.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

from benchmarks import wrk
from benchmarks.load import Load, run_load
from benchmarks.signing import BODY, USER, bare_signature, rate
from benchmarks.table import Row

_ROUNDS = 5
_PEERS = Path(__file__).parent / "peers"
_FAKE = (sys.executable, "-m", "fake_idp", "--user", f"{USER.username}:{USER.password}")


@contextmanager
def started(*command: str) -> Iterator[str]:
    """Run a server in a process of its own and give the token endpoint, which ends one of its lines."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        lines = (line.split() for line in process.stdout)
        yield next(words[-1] for words in lines if words and words[-1].endswith("/token"))
    finally:
        process.kill()
        process.communicate()


def _refresh_token(answer: bytes) -> str:
    return answer.partition(b'"refresh_token":"')[2].partition(b'"')[0].decode()


def _refresh_body(answer: bytes | None) -> bytes:
    token = _refresh_token(answer) if answer else ""
    if not token:
        return BODY
    return f"grant_type=refresh_token&refresh_token={quote(token)}&client_id=external.customer".encode()


def _peer(script: str) -> Load | None:
    if shutil.which("node") is None or not (_PEERS / "node_modules").exists():
        return None
    with started("node", str(_PEERS / script)) as url:
        run_load(url, lambda _: BODY, seconds=1.0)
        return run_load(url, lambda _: BODY)


def _passwords(url: str) -> Load:
    return wrk.post(url, BODY) if wrk.INSTALLED else run_load(url, lambda _: BODY)


def measure() -> list[Row]:
    """Load each in turn, so that noise hits all alike; the best of some rounds counts, for the signatures too."""
    signature = bare_signature()
    with started(*_FAKE) as url:
        _passwords(url)
        signing, rounds = 0.0, []
        for _ in range(_ROUNDS):
            signing = max(signing, rate(signature, seconds=0.5))
            rounds.append(_passwords(url))
        passwords = max(rounds, key=lambda load: load.per_second)
        errors = sum(load.errors for load in rounds)
        # No two of them alike, as no two refreshes are: what repeats is not read again.
        numbers = count()
        in_turn = run_load(url, lambda _: b"%b&n=%d" % (BODY, next(numbers)))
        refreshes = run_load(url, _refresh_body)
    ratio = passwords.per_second / signing
    twice = refreshes.per_second / in_turn.per_second
    rows = [
        Row(
            "password grants, 8 kept connections, journal on, against one thread's signatures",
            f"{passwords.per_second:,.0f}/s, {ratio:.2f} × of {signing:,.0f}/s, {errors} errors",
            "≥ 1.25 ×, no error",
            ratio >= 1.25 and not errors,
        ),
        Row(
            "refresh grants, against password grants of which each is another",
            f"{refreshes.per_second:,.0f}/s, {twice:.2f} ×, {refreshes.errors} errors",
            "≥ 1 ×, no error",
            twice >= 1 and not refreshes.errors,
        ),
    ]
    for name in ("oidc-provider", "oauth2-mock-server"):
        load = _peer(f"{name}.mjs")
        if load is None:
            rows.append(Row(name, "left out: needs node, and `npm install` in benchmarks/peers", "behind us", None))
            continue
        times = in_turn.per_second / load.per_second
        text = f"{load.per_second:,.0f}/s, {load.errors} errors: ours is {times:.2f} ×"
        rows.append(Row(f"{name}, password grants the same way", text, "behind us", times > 1))
    return rows
