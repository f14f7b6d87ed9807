"""The line `again` of a finding: entered where it was printed, it brings the finding about; or there is none."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from blastiq_conformance.catalogue import Finding, Profile, Severity
from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.evidence.quotation import Text
from blastiq_conformance.report.reproduction import Reproduction
from blastiq_conformance.secrets.cleaner import Cleaner
from fake_idp.secrets.search import Secret
from tests.judge.cli.serving import ended, serving, sign_in
from tests.judge.cli.shell import called as blastiq
from tests.judge.plugin.alone import ALONE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
# The audience is wrong, and nothing else.
CLIENT = """
import json, os, sys, urllib.parse, urllib.request
fields = {"grant_type": "password", "username": os.environ["BLASTIQ_USERNAME"], "audience": "x",
          "password": os.environ["BLASTIQ_PASSWORD"], "client_id": os.environ["BLASTIQ_CLIENT_ID"]}
data = urllib.parse.urlencode(fields).encode()
with urllib.request.urlopen(os.environ["BLASTIQ_TOKEN_URL"], data) as answer:
    token = json.load(answer)["access_token"]
call = urllib.request.Request(os.environ["BLASTIQ_API_URL"], headers={"Authorization": f"Bearer {token}"})
urllib.request.urlopen(call)
"""
TARGET = f"[[target]]\nname = 'shop'\ncommand = [{sys.executable!r}, '-S', 'my app.py']\nclient_id = 'mine'\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything is entered."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "my app.py").write_text(CLIENT, encoding="utf-8")
    return tmp_path


def line_of(report: str, rule: str = "BIQ211") -> str:
    results = json.loads(report)["results"]
    return str(
        next(finding for result in results if result["rule"] == rule for finding in result["findings"])["reproduce"]
    )


def entered(line: str) -> str:
    """Give what is printed where the line is entered into a shell."""
    done = subprocess.run(line, shell=True, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def read_as_entered(line: str) -> str:
    """Give what is printed where the words of the line are taken as a shell takes them; they start nothing else."""
    name, *words = shlex.split(line)
    assert name == "blastiq"
    done = blastiq(*words)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--client-id", "my client", "--profile", "strict"),
        ("--tls", "--timeout", "33"),
        ("--intercept",),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("folder")
def test_a_run_of_a_command(options: tuple[str, ...]) -> None:
    """With the options that it was given."""
    command = (sys.executable, "-S", "my app.py", "it's; $HOME")
    scenario = "tls-good" if "--tls" in options else "sign-in"
    made = blastiq("run", "--scenario", scenario, *options, "--format", "json", "--", *command)
    line = line_of(made.stdout)
    assert all(option in shlex.split(line) for option in options)
    assert shlex.split(line)[-1 - len(command) :] == ["--", *command]
    # The command is quoted for a shell: one of them is given it.
    assert "FAIL  BIQ211" in (entered if "--client-id" in options else read_as_entered)(line)


@pytest.mark.parametrize("file", ["blastiq.toml", "pyproject.toml", "other/its.toml"])
@pytest.mark.usefixtures("folder")
def test_a_run_of_a_target(file: str) -> None:
    """Of the file that was found here, or was named."""
    text = TARGET.replace("[[target]]", "[[tool.blastiq.target]]") if file == "pyproject.toml" else TARGET
    Path(file).parent.mkdir(exist_ok=True)
    Path(file).write_text(text + ("cwd = '..'\n" if "/" in file else ""), encoding="utf-8")
    where = ("--config", file) if "/" in file else ()
    line = line_of(blastiq("run", "--quick", *where, "--format", "json").stdout)
    assert shlex.split(line)[-2:] == ["--target", "shop"]
    assert "FAIL  BIQ211" in read_as_entered(line)


POST = """POST {{idp}}/connect/token
Content-Type: application/x-www-form-urlencoded

grant_type=password&username=a@mine.example&password=Wq5Nf8Ls3Kd6aB&client_id=external.customer&audience={{reader}}
"""


def test_a_recording_with_all_that_it_was_read_with(folder: Path) -> None:
    """Environments that fill it in, the authority, the client id; whatever its name is."""
    collection = {
        "info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json", "name": "n"},
        "item": [
            {
                "name": "t",
                "request": {
                    "method": "POST",
                    "url": "{{idp}}/connect/token",
                    "body": {
                        "mode": "urlencoded",
                        "urlencoded": [
                            {"key": name, "value": value}
                            for name, value in (
                                *(
                                    ("grant_type", "password"),
                                    ("username", "a@mine.example"),
                                    ("password", "{{secret}}"),
                                ),
                                *(("client_id", "mine"), ("audience", "{{reader}}")),
                            )
                        ],
                    },
                },
            }
        ],
    }
    values = {"idp": "https://www.blastiq.com/identity", "reader": "https://r.example", "secret": "Wq5Nf8Ls3Kd6aB"}
    environment = {"name": "e", "values": [{"key": name, "value": value} for name, value in values.items()]}
    environment |= {"_postman_variable_scope": "environment"}
    (folder / "-my collection.json").write_text(json.dumps(collection), encoding="utf-8")
    (folder / "my env.json").write_text(json.dumps(environment), encoding="utf-8")
    options = ("--client-id", "mine", "--authority", "https://www.blastiq.com/identity")
    made = blastiq("check", *options, "--format", "json", "--", "-my collection.json", "my env.json")
    line = line_of(made.stdout)
    assert shlex.split(line) == ["blastiq", "check", *options, "./-my collection.json", "my env.json"]
    again = read_as_entered(line)
    assert "BIQ211" in again
    assert "{{" not in again


def test_what_serve_saw_is_in_its_journal(folder: Path) -> None:
    """Where it kept one."""
    assert _lines_of_serve(folder) == set()
    (line,) = _lines_of_serve(folder, "--journal", "kept.jsonl")
    assert line == "blastiq check kept.jsonl"
    assert "FAIL  BIQ211" in read_as_entered(line)


def _lines_of_serve(folder: Path, *options: str) -> set[str]:
    with serving(folder, *options) as (process, told):
        sign_in(told, audience="x")
        _, stdout, _ = ended(process)
    return {line.partition("  again  ")[2].strip() for line in stdout.splitlines() if "  again  " in line}


_TESTS = """
import httpx, pytest
from blastiq_conformance import fake_blastiq
from blastiq_conformance.evidence.quotation import Text

def send(user):
    httpx.post("https://www.blastiq.com/identity/connect/token", data={"grant_type": "password", "audience": "x",
        "username": user.username, "password": user.password, "client_id": "external.customer"})

@pytest.mark.parametrize("what", ["it's"])
def test_here(blastiq_idp, blastiq_user, what):
    send(blastiq_user)

def test_block():
    with fake_blastiq() as blastiq:
        send(blastiq.user)
"""


@pytest.mark.parametrize("here", [".", "tests"])
def test_a_test(folder: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, here: str) -> None:
    """From wherever pytest was started; a block without a test has no line."""
    (folder / "tests").mkdir()
    (folder / "pytest.ini").write_text(f"[pytest]\naddopts = -p no:cacheprovider {ALONE}\n", encoding="utf-8")
    (folder / "tests" / "test_it.py").write_text(_TESTS, encoding="utf-8")
    monkeypatch.chdir(folder / here)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    text = pytester.runpytest_inprocess("-q", "--blastiq-profile", "strict").stdout.str()
    (line,) = {each.partition("  again  ")[2].strip() for each in text.splitlines() if "  again  " in each}
    assert line.startswith("pytest --blastiq-profile strict ")
    again = entered(line)
    assert "BIQ211" in again
    assert "1 failed" in again


FINDING = Finding(
    rule="BIQ211",
    severity=Severity.ERROR,
    message=Text("m"),
    expected=Text("e"),
    received=Text("r"),
    scenario="sign-in",
)


@pytest.mark.parametrize(
    ("way", "file"),
    [
        (Reproduction(), "a.har"),
        (Reproduction(way="check"), ""),
        (Reproduction(way="check"), "/dev/stdin"),
        (Reproduction(way="check"), "/proc/self/fd/11"),
        (Reproduction(way="run", whose=("--", "sh", "-c", "one\ntwo")), ""),
        (Reproduction(way="test"), ""),
    ],
)
def test_there_is_no_line_where_none_would_do(way: Reproduction, file: str) -> None:
    """A pipe is gone, and a line that has two lines is shown as one."""
    assert way.line(FINDING, Facts(), file, Profile.ARTICLE) == ""


def test_a_line_keeps_its_ports_and_goes_where_it_would_show_a_secret() -> None:
    """A mask in it would make it another command."""
    evidence = Evidence(exchanges=(), facts=Facts(issued=(Secret("password", "Wq5Nf8Ls3Kd6aB"),)))
    cleaner = Cleaner([evidence], live=True)
    line = "blastiq run --rule BIQ211 -- app --proxy http://127.0.0.1:3128"
    assert cleaner.again(line) == line
    assert cleaner.again(f"{line} Wq5Nf8Ls3Kd6aB") == ""
