"""`blastiq doctor`: what it prints, and its exit code."""

import sys
from pathlib import Path

from tests.judge.cli.shell import called as blastiq

WELL = {"HTTP_PROXY": "", "http_proxy": "", "ALL_PROXY": "", "all_proxy": "", "SSL_CERT_FILE": ""}


def test_what_is_wrong_is_named_with_what_to_do(tmp_path: Path) -> None:
    """Exit code 2, a line for each check, the problem and the advice in it."""
    done = blastiq("doctor", "--", str(tmp_path / "no-such"), "--flag", **WELL | {"CURL_CA_BUNDLE": "/no/such.pem"})
    assert done.returncode == 2
    text = " ".join(done.stdout.split())
    assert "PROBLEM certificates what is named cannot be read: CURL_CA_BUNDLE=/no/such.pem. Unset" in text
    assert "PROBLEM command The integration could not be started" in text
    assert "OK loopback-port" in text


def test_it_is_as_wide_as_the_terminal() -> None:
    """No line is longer, but for words that cannot be split."""
    wide, narrow = (blastiq("doctor", COLUMNS=columns, **WELL).stdout for columns in ("110", "70"))
    assert max(map(len, narrow.splitlines())) <= 70 < max(map(len, wide.splitlines()))


def test_a_misspelt_placeholder_is_a_usage_error() -> None:
    """As it is for a run; braces of others are no business of ours."""
    done = blastiq("doctor", "--", sys.executable, "{usrname}", **WELL)
    assert (done.returncode, "did you mean {username}?" in done.stderr) == (2, True)
    assert "placeholder" not in blastiq("doctor", "--", sys.executable, '{"usrname": 1}', "${usrname}", **WELL).stderr


def test_a_command_that_can_start_is_no_problem() -> None:
    """Whatever else this machine has: the command and the port are well."""
    done = blastiq("doctor", "--", sys.executable, "app.py", **WELL)
    assert f"OK       command            {sys.executable} can be started" in " ".join(
        done.stdout.replace("\n" + " " * 28, " ").splitlines()
    )
    assert done.returncode == (2 if "PROBLEM" in done.stdout else 0)
