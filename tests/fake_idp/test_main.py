"""`python -m fake_idp` as a person or a script starts it: what it says, its ready file, how it ends."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click import UsageError

from fake_idp.__main__ import main
from fake_idp.console import announce
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.server_config import ServiceUser
from tests.heeding import signals_kept
from tests.measuring import MEASURED

pytestmark = pytest.mark.slow

COMMAND = (sys.executable, "-m", "fake_idp")
PATIENCE = 10.0


def start(*arguments: str) -> "subprocess.Popen[str]":
    environment = os.environ | MEASURED
    return subprocess.Popen(
        [*COMMAND, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def refused(*arguments: str) -> int:
    """Call it in this process, with what it refuses before it serves."""
    with signals_kept():
        try:
            main(list(arguments))
        except SystemExit as ending:
            return int(ending.code or 0)
    return 0


def wait_for(path: Path) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < until, "no ready file"
        time.sleep(0.005)
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return told


@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param(signal.SIGTERM, 0, id="term"),
        pytest.param(signal.SIGINT, 130, id="int"),
        pytest.param(signal.SIGHUP, 129, id="hup"),
    ],
)
def test_life(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """It answers once the ready file stands, which only its owner can read and which goes when it ends by a signal."""
    ready = tmp_path / "ready.json"
    with start("--ready-file", str(ready)) as process:
        told = wait_for(ready)
        mode = stat.S_IMODE(ready.stat().st_mode)
        with urllib.request.urlopen(told["authority"] + "/.well-known/openid-configuration") as answer:
            issuer = json.load(answer)["issuer"]
        process.send_signal(number)
        output, errors = process.communicate(timeout=PATIENCE)

    assert process.returncode == code
    assert errors == ""
    assert mode == 0o600
    assert list(tmp_path.iterdir()) == []
    assert told["pid"] == process.pid
    assert issuer == told["authority"]
    assert told["api_url"] == told["authority"].replace("/identity", "/api")
    for value in (told["authority"], told["api_url"], told["username"], told["password"], "curl"):
        assert value in output


def test_people_may_sign_in(tmp_path: Path) -> None:
    """With --attended the login page is shown, and its address is told; else a browser is refused (server.md 1.7)."""
    asked = (
        "/connect/authorize?response_type=code&client_id=external.customer&redirect_uri=http://127.0.0.1/&scope=cosmos"
    )
    ready = tmp_path / "ready.json"
    with start("--attended", "--ready-file", str(ready)) as process:
        authority = wait_for(ready)["authority"]
        with urllib.request.urlopen(authority + asked) as page:
            text = page.read().decode()
        process.terminate()
        output, _ = process.communicate(timeout=PATIENCE)
    assert "<h1>Sign in</h1>" in text
    assert f"{authority}/connect/authorize" in output


def test_given_users(tmp_path: Path) -> None:
    """Users, client and mode that are given are used; a password that was given is not shown."""
    ready = tmp_path / "ready.json"
    (tmp_path / "users").write_text("second:q\n")
    users = ("--user", "a b:p w:x:site-7", "--user-file", str(tmp_path / "users"))
    with start("--ready-file", str(ready), "--client-id", "kit", "--mode", "reject", *users) as process:
        told = wait_for(ready)
        process.terminate()
        output, _ = process.communicate(timeout=PATIENCE)

    assert (told["username"], told["password"]) == ("a b", "p w:x")
    assert "p w:x" not in output
    assert "mode reject" in output
    assert "client_id=kit" in output
    assert "'username=a b'" in output


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        pytest.param(("--user", "name"), "expected NAME:PASSWORD", id="no-password"),
        pytest.param(("--user", ":secret"), "expected NAME:PASSWORD", id="no-name"),
        pytest.param(("--user-file", "/no/such"), "/no/such cannot be read: No such file", id="no-user-file"),
        pytest.param(("--port", "70000"), "70000 is not in the range 0<=x<=65535", id="port"),
        pytest.param(("--port", "x"), "'x' is not a valid integer", id="port-word"),
        pytest.param(("--flavour", "is3"), "'is3' is not one of 'is4'", id="flavour"),
        pytest.param(
            ("--ready-file", "/no/such/folder/file"),
            "file cannot be written: No such file",
            id="ready-file",
        ),
        pytest.param(("--host", "192.0.2.1"), "cannot listen on 192.0.2.1", id="foreign-address"),
        pytest.param(("--host", "a..b"), "cannot listen on a..b port 0: it is not a host name", id="no-host-name"),
        pytest.param(("--client-id", " "), "expected 1 to 100 characters", id="blank-client"),
        pytest.param(("--allow-origin", "app.example"), "expected an origin such as https://app.example", id="origin"),
        pytest.param(("--client-id", "x" * 101), "expected 1 to 100 characters", id="long-client"),
        pytest.param(("surplus",), "unexpected extra argument", id="surplus"),
    ],
)
def test_bad_input(arguments: tuple[str, ...], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Bad input ends with 2 and says what was expected, without the password."""
    assert refused(*arguments) == 2
    said = capsys.readouterr().err
    assert text in " ".join(said.split())
    assert "secret" not in said


def test_ready_file_is_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder where the ready file should be ends with 2, and stays."""
    assert refused("--ready-file", str(tmp_path)) == 2
    assert f"'{tmp_path}' is a directory" in capsys.readouterr().err
    assert tmp_path.is_dir()


def test_port_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    """A port that is taken ends with 2 and says what to do."""
    with Server() as server:
        taken = str(server.serve(FakeIdp()).port)
        assert refused("--port", taken) == 2
    said = capsys.readouterr().err
    assert f"cannot listen on 127.0.0.1 port {taken}" in said
    assert "choose another --port" in said


@pytest.mark.parametrize("heavy", ["jwt", "cryptography", "httpx", "respx", "requests", "pytest"])
def test_start_imports_nothing_heavy(heavy: str) -> None:
    """What is not needed to answer discovery is not imported at the start."""
    code = f"import sys, fake_idp.__main__; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=PATIENCE).returncode == 0


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the memory in /proc")
def test_idle_memory(tmp_path: Path) -> None:
    """Idle it takes less than 50 MiB."""
    ready = tmp_path / "ready.json"
    with start("--ready-file", str(ready)) as process:
        wait_for(ready)
        status = Path(f"/proc/{process.pid}/status").read_text("ascii")
        process.terminate()
        process.communicate(timeout=PATIENCE)

    kib = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    assert kib < 50 * 1024


def test_ready_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where writing fails, nothing is left in the folder."""

    def fail(*_: object) -> None:
        raise OSError("disk full")

    with Server() as server, ExitStack() as stack:
        listener = server.serve(FakeIdp())
        monkeypatch.setattr(Path, "replace", fail)
        with pytest.raises(UsageError, match="disk full"):
            announce(stack, tmp_path / "ready.json", listener, ServiceUser(username="u", password="p"))

    assert list(tmp_path.iterdir()) == []
