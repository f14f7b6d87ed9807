"""`blastiq doctor`: what it prints, and its exit code."""

import sys
from pathlib import Path

from tests.judge.cli.shell import blastiq

WELL = {"HTTP_PROXY": "", "http_proxy": "", "ALL_PROXY": "", "all_proxy": "", "SSL_CERT_FILE": ""}


def test_what_is_wrong_is_named_with_what_to_do(tmp_path: Path) -> None:
    """Exit code 2, a line for each check, the problem and the advice in it."""
    done = blastiq("doctor", "--", str(tmp_path / "no-such"), "--flag", **WELL | {"CURL_CA_BUNDLE": "/no/such.pem"})
    assert done.returncode == 2
    text = " ".join(done.stdout.split())
    assert "PROBLEM certificates what is named cannot be read: CURL_CA_BUNDLE=/no/such.pem. Unset" in text
    assert "PROBLEM command The integration could not be started" in text
    assert "OK loopback-port" in text


def test_a_command_that_can_start_is_no_problem() -> None:
    """Whatever else this machine has: the command and the port are well."""
    done = blastiq("doctor", "--", sys.executable, "app.py", **WELL)
    assert f"OK       command            {sys.executable} can be started" in " ".join(
        done.stdout.replace("\n" + " " * 28, " ").splitlines()
    )
    assert done.returncode == (2 if "PROBLEM" in done.stdout else 0)
