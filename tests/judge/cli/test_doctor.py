"""`blastiq doctor`: what it prints, and its exit code."""

import json
import sys
from pathlib import Path

import pytest

from blastiq_conformance.doctor import Check, Status
from blastiq_conformance.runner.target import Target
from tests.judge.cli.shell import called as blastiq

WELL = {"HTTP_PROXY": "", "http_proxy": "", "ALL_PROXY": "", "all_proxy": "", "SSL_CERT_FILE": ""}


def test_what_is_wrong_is_named_with_what_to_do(tmp_path: Path) -> None:
    """Exit code 1, a line for each check, the problem and the advice in it."""
    done = blastiq("doctor", "--", str(tmp_path / "no-such"), "--flag", **WELL | {"CURL_CA_BUNDLE": "/no/such.pem"})
    assert done.returncode == 1
    text = " ".join(done.stdout.split())
    assert "PROBLEM certificates what is named cannot be read: CURL_CA_BUNDLE=/no/such.pem. Unset" in text
    assert "PROBLEM start The integration could not be started" in text
    assert "OK loopback-port" in text


def test_it_is_as_wide_as_the_terminal() -> None:
    """No line is longer, but for words that cannot be split."""
    wide, narrow = (blastiq("doctor", COLUMNS=columns, **WELL).stdout for columns in ("110", "70"))
    assert max(map(len, narrow.splitlines())) <= 70 < max(map(len, wide.splitlines()))


def test_a_misspelt_placeholder_is_a_usage_error() -> None:
    """As it is for a run; braces of others are no business of ours."""
    done = blastiq("doctor", "--", sys.executable, "{usrname}", **WELL)
    assert (done.returncode, "did you mean {username}?" in done.stderr) == (2, True)
    words = ("-c", "pass", '{"usrname": 1}', "${usrname}")
    assert "placeholder" not in blastiq("doctor", "--", "no-such", *words, **WELL).stderr


@pytest.mark.parametrize("configured", [False, True], ids=["command", "configuration"])
def test_what_would_be_judged_is_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, configured: bool) -> None:
    """The command, or what blastiq.toml says of it, once; what came of it is a check."""
    started: list[Target] = []

    def start(target: Target) -> Check:
        started.append(target)
        return Check(name="start", status=Status.PROBLEM, found="It signed in.", advice="Do that.")

    monkeypatch.setattr("blastiq_conformance.cli.doctor.check_start", start)
    command = [sys.executable, "app.py"]
    if configured:
        text = f'[[target]]\nname = "a"\ncommand = {json.dumps(command)}\nenv = {{ ME = "{{username}}" }}\n'
        (tmp_path / "blastiq.toml").write_text(text)
        command = []
    monkeypatch.chdir(tmp_path)
    done = blastiq("doctor", *(["--", *command] if command else []), **WELL)
    text = " ".join(done.stdout.split())
    assert "PROBLEM start It signed in. Do that." in text
    assert done.returncode == 1
    assert [dict(target.env) for target in started] == [{"ME": "{username}"} if configured else {}]
