"""Runs right but odd clients against a fake, with three calls each: `python -m tests.clients.strangers.right_smoke`.

No judge has a part in it: it shows that each client starts, signs in, makes its calls and ends with 0. Arguments are
parts of the names to run; without any, all run.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.clients.launch import ROOT
from tests.clients.strangers.right import RIGHT, Right
from tests.clients.strangers.right_launch import command


@contextmanager
def fake(folder: Path, client_id: str) -> Iterator[dict[str, str]]:
    """Keep a fake up, and give the environment of the contract."""
    ready = folder / "ready.json"
    words = [sys.executable, "-m", "fake_idp", "--ready-file", str(ready), "--client-id", client_id]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            while not ready.exists():
                time.sleep(0.05)
            told = json.loads(ready.read_text(encoding="utf-8"))
            yield {
                "BLASTIQ_AUTHORITY": told["authority"],
                "BLASTIQ_DISCOVERY_URL": f"{told['authority']}/.well-known/openid-configuration",
                "BLASTIQ_USERNAME": told["username"],
                "BLASTIQ_PASSWORD": told["password"],
                "BLASTIQ_CLIENT_ID": client_id,
                "BLASTIQ_API_URL": told["api_url"],
                "BLASTIQ_API_CALLS": "3",
            }
        finally:
            server.terminate()


def run(client: Right, workshop: Path) -> str:
    """Give "ok", or what happened instead."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        client_id = client.options[1] if client.options[:1] == ("--client-id",) else "external.customer"
        words = command(client, workshop)
        with fake(folder, client_id) as environment:
            environment |= {"HOME": place, "TMPDIR": place, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1"}
            started = subprocess.Popen(
                words,
                cwd=folder,
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
            try:
                said, _ = started.communicate(timeout=8 if "quiet" in client.declared else 60)
            except subprocess.TimeoutExpired:
                os.killpg(started.pid, signal.SIGKILL)
                said, _ = started.communicate()
                return "ok" if "quiet" in client.declared and not said else f"hangs: {said}"
        return "ok" if started.returncode == 0 else f"{started.returncode}: {said}"


def main(parts: list[str]) -> int:
    """Run those whose names have such a part, one after the other; the exit status counts those that failed."""
    workshop = Path(tempfile.gettempdir()) / "blastiq-clients"
    workshop.mkdir(exist_ok=True)
    failed = 0
    for client in RIGHT:
        if parts and not any(part in client.name for part in parts):
            continue
        try:
            told = run(client, workshop)
        except pytest.skip.Exception as skipped:
            told = f"skipped: {skipped}"
        failed += told != "ok"
        sys.stdout.write(f"{client.name:32} {told}\n")
        sys.stdout.flush()
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
