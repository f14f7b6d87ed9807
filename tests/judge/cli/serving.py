"""A `blastiq serve` of its own for a test, and what one does to it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx


@contextmanager
def serving(tmp_path: Path, *args: str, **env: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Start it; it reaches few lines that no other test reaches, so only some of its tests are `MEASURED`."""
    ready = tmp_path / "ready.json"
    process = subprocess.Popen(
        [sys.executable, "-m", "blastiq_conformance", "serve", "--ready-file", str(ready), *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"NO_COLOR": "1"} | env,
    )
    deadline = time.monotonic() + 30
    while not ready.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield process, json.loads(ready.read_text())
    finally:
        process.kill()
        process.communicate()
        ready.unlink(missing_ok=True)


def sign_in(told: dict[str, str], **more: str) -> httpx.Response:
    document = httpx.get(told["authority"] + "/.well-known/openid-configuration").json()
    fields = {"grant_type": "password", "username": told["username"], "password": told["password"]}
    return httpx.post(document["token_endpoint"], data=fields | {"client_id": "external.customer"} | more)


def control(told: dict[str, str], method: str, path: str, content: str = "", host: str = "") -> httpx.Response:
    url = f"{told['authority'].removesuffix('/identity')}/__blastiq__/{path}"
    headers = control_header(told) | ({"Host": host} if host else {})
    return httpx.request(method, url, content=content, headers=headers)


def first_event(told: dict[str, str]) -> str:
    """What a live page that is opened now is told."""
    url, headers = f"{told['authority'].removesuffix('/identity')}/__blastiq__/events", control_header(told)
    with httpx.stream("GET", url, headers=headers) as answer:
        return next(line for line in answer.iter_lines() if line)


def control_header(told: dict[str, str]) -> dict[str, str]:
    return {"X-BlastIQ-Control": told["control_token"]}


def ended(process: subprocess.Popen[str], number: int = signal.SIGINT) -> tuple[int, str, str]:
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=30)
    return process.returncode, stdout, stderr
