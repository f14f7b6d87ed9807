"""`blastiq run`: verdicts, exit codes, what stands where; with real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from blastiq_conformance.schemas import shipped_schema
from tests.judge.cli.shell import blastiq, called
from tests.judge.naive import NAIVE

pytestmark = pytest.mark.slow

# It needs no package, and coverage, which starts with the site, measures the kit alone.
PYTHON = (sys.executable, "-S")


@pytest.fixture
def naive(tmp_path: Path) -> tuple[str, ...]:
    """A client without discovery that sends what MORE says besides."""
    path = tmp_path / "naive.py"
    path.write_text(NAIVE)
    return (*PYTHON, str(path))


def test_the_demo_conforms() -> None:
    """The three lines stand at the head of standard output; progress goes to standard error, a line a scenario."""
    done = called("run", "--quick", "--demo")
    assert done.returncode == 0, done.stdout + done.stderr
    head = done.stdout.splitlines()[:3]
    assert [line.split("  ")[0] for line in head] == ["PASS"] * 3
    for parameter, line in zip(("no audience", "no client_secret", "scope absent or cosmos"), head, strict=True):
        assert parameter in line
    assert done.stderr.startswith("[1/1] sign-in: 3 requests, ")


def test_a_violation_is_1_and_its_finding_has_six_parts(naive: tuple[str, ...]) -> None:
    """Received, expected, why, source, fix, again."""
    done = called("run", "--quick", "--", *naive, MORE='{"audience": "https://api.example"}')
    assert done.returncode == 1
    assert "FAIL  BIQ211 audience-sent  MUST NOT" in done.stdout
    for part in (
        "received   POST /identity/connect/token",
        "expected ",
        "why ",
        "source     article A33",
        "fix ",
        "again ",
    ):
        assert part in done.stdout


def test_the_line_of_again_reproduces_the_finding(naive: tuple[str, ...]) -> None:
    """What `again` says can be pasted, and finds that rule alone."""
    done = called("run", "--quick", "--format", "json", "--", *naive, MORE='{"audience": "x"}')
    results = json.loads(done.stdout)["results"]
    (failed,) = [each for each in results if (each["severity"], each["outcome"]) == ("error", "failed")]
    again = subprocess.run(
        failed["findings"][0]["reproduce"].replace("blastiq", f"{sys.executable} -m blastiq_conformance", 1),
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"MORE": '{"audience": "x"}'},
    )
    assert again.returncode == 1
    assert "BIQ211" in again.stdout


def test_json_is_alone_on_standard_output_and_valid(naive: tuple[str, ...], tmp_path: Path) -> None:
    """The model validates against the shipped schema; the file holds the same."""
    file = tmp_path / "report.json"
    done = called("run", "--quick", "--format", "json", "--report", f"json={file}", "--", *naive)
    model = json.loads(done.stdout)
    jsonschema.validate(model, shipped_schema("report"))
    assert json.loads(file.read_text(encoding="utf-8")) == model


def test_a_single_rule_is_judged_where_it_is_asked_for(naive: tuple[str, ...]) -> None:
    """--rule leaves the others out, and plays only the scenarios that are for it, with what they are compared with."""
    done = called("run", "--rule", "biq103", "--profile", "strict", "--format", "json", "--", *naive)
    model = json.loads(done.stdout)
    assert [result["rule"] for result in model["results"]] == ["BIQ103"]
    assert [scenario["scenario"] for scenario in model["scenarios"]] == ["control", "endpoint-moved"]
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("raise SystemExit(0)", 3, "never called BlastIQ: it exited with 0"),
        ("import sys; print('secret plan', file=sys.stderr); sys.exit(9)", 3, "secret plan"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 3, "ended by SIGKILL"),
        ("raise SystemExit(127)", 3, "not found"),
        ("import time; time.sleep(60)", 3, "ended after 1 s (--timeout)"),
        (
            """
import os, socket, urllib.parse
url = urllib.parse.urlsplit(os.environ["BLASTIQ_AUTHORITY"])
socket.create_connection((url.hostname, url.port)).sendall(b"\\x16\\x03\\x01 hello")
""",
            3,
            "TLS",
        ),
    ],
    ids=["silent", "fails", "killed", "exit-127", "hangs", "not-http"],
)
def test_what_cannot_be_judged_is_3_with_its_own_text(code: str, status: int, said: str) -> None:
    """Each way not to run has its own words."""
    done = called("run", "--timeout", "1", "--", *PYTHON, "-c", code)
    assert done.returncode == status, done.stdout + done.stderr
    assert said in " ".join(done.stdout.split())
    assert "NOT RUN" in done.stdout


def test_what_cannot_be_started_is_3(tmp_path: Path) -> None:
    """No such command, and a file that may not be executed."""
    plain = tmp_path / "plain.txt"
    plain.write_text("no program")
    for command, said in (("no-such-command-anywhere", "there is no command"), (str(plain), "chmod +x")):
        done = called("run", "--", command)
        assert done.returncode == 3
        assert said in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((), "name one integration"),
        (("--demo", "--", "app"), "name one integration"),
        (("--scenario", "no-such", "--demo"), "there is no scenario 'no-such'"),
        (("--scenario", "sing-in", "--demo"), "did you mean 'sign-in'?"),
        (("--rule", "BIQ999", "--demo"), "there is no rule 'BIQ999'"),
        (("--rule", "biq2111", "--demo"), "did you mean 'BIQ211'?"),
        (("--quick", "--scenario", "sign-in", "--demo"), "leave out either"),
        (("--report", "pdf=x", "--demo"), "expected FORMAT=FILE"),
        (("--report", "json", "--demo"), "expected FORMAT=FILE"),
        (("--", ""), "the command is empty"),
        (("--client-id", " ", "--demo"), "expected 1 to 100 characters, not all blank"),
        (("--timeout", "nan", "--demo"), "expected a number of seconds"),
        (("--timeout", "inf", "--demo"), "is not in the range"),
        (("--bundle", "/no/such/folder/x.zip", "--demo"), "cannot be written"),
        (("--", "app", "--url={authorty}"), "there is no placeholder {authorty}; did you mean {authority}?"),
        (("--quick", "--report", "json=/no/such/folder/x.json", "--demo"), "cannot be written"),
    ],
)
def test_usage_errors_are_2(args: tuple[str, ...], said: str) -> None:
    """Each says what is wrong and what to do."""
    done = called("run", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_untested_rules_are_4_unless_allowed(tmp_path: Path) -> None:
    """An integration that never gets to the API leaves binding rules open: no violation, and not green."""
    path = tmp_path / "half.py"
    path.write_text(NAIVE.partition("call = ")[0])
    command = ("run", "--scenario", "sign-in", "--", *PYTHON, str(path))
    open_rules = called(*command)
    assert open_rules.returncode in {1, 4}, open_rules.stdout
    assert "UNTESTED" in open_rules.stdout


def test_a_fault_of_the_kit_is_5_and_no_verdict(tmp_path: Path) -> None:
    """What escapes is named as the kit's own fault."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, types\nbroken = types.ModuleType('blastiq_conformance.report')\n"
        "sys.modules['blastiq_conformance.report'] = broken\n"
    )
    done = blastiq("run", "--demo", PYTHONPATH=str(tmp_path))
    assert done.returncode == 5
    assert "a fault of the kit" in done.stderr
