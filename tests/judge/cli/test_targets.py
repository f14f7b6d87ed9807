"""`blastiq run` with a configuration: its targets, their waivers, and what options change."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from blastiq_conformance.cli import targets
from blastiq_conformance.schemas import shipped_schema
from tests.judge.cli.shell import called
from tests.judge.naive import NAIVE

pytestmark = pytest.mark.slow

TODAY = datetime.now(UTC).date()
PYTHON = json.dumps(sys.executable)
DEMO = f"command = {json.dumps(targets.DEMO)}"
AUDIENCE = 'env = { MORE = \'{"audience": "x"}\' }'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, stood in, with a client in it that names an audience where MORE says so."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "naive.py").write_text(NAIVE)
    return tmp_path


def write(folder: Path, *targets: str, name: str = "blastiq.toml") -> Path:
    file = folder / name
    file.write_text("".join(f"[[target]]\nscenarios = ['sign-in']\n{target}\n" for target in targets))
    return file


def naive(name: str, *more: str) -> str:
    return "\n".join([f"name = '{name}'", f"command = [{PYTHON}, '-S', 'naive.py']", *more])


def waiver(days: int, rule: str = "BIQ211") -> str:
    last = TODAY + timedelta(days=days)
    return f"[[target.waivers]]\nrule = '{rule}'\nreason = 'release 7'\nowner = 'pat'\nexpires = {last}"


def test_targets_follow_each_other_and_the_gravest_code_stands(folder: Path) -> None:
    """Without a command blastiq.toml is taken; every writer shows all targets; what cannot start is 3, before 1."""
    write(folder, f"name = 'demo'\n{DEMO}", naive("bad", AUDIENCE), "name = 'gone'\ncommand = ['./no-such']")
    done = called("run", "--report", "json=all.json")
    assert done.returncode == 3, done.stdout + done.stderr
    places = [done.stdout.index(f"── {name}\n") for name in ("demo", "bad", "gone")]
    assert places == sorted(places)
    model = json.loads((folder / "all.json").read_text())
    jsonschema.validate(model, shipped_schema("report"))
    assert [(part["target"], part["exit_code"]) for part in model["reports"]] == [("demo", 0), ("bad", 1), ("gone", 3)]


def test_a_target_is_chosen_and_again_names_it(folder: Path) -> None:
    """--target takes one; the line that reproduces a finding can be pasted here, or with --config elsewhere."""
    write(folder, f"name = 'demo'\n{DEMO}", naive("bad", AUDIENCE))
    again = "blastiq run --scenario sign-in --rule BIQ211 {}--target bad"
    done = called("run", "--target", "bad", "--format", "json")
    (failed,) = [result for result in json.loads(done.stdout)["results"] if result["rule"] == "BIQ211"]
    assert failed["findings"][0]["reproduce"] == again.format("")
    done = called("run", "--config", "blastiq.toml", "--target", "bad", "--rule", "BIQ211")
    assert done.returncode == 1
    assert again.format("--config blastiq.toml ") in done.stdout


def test_options_come_before_the_file(folder: Path) -> None:
    """A profile, a rule, a scenario, a client id, a time given on the command line."""
    write(folder, f"name = 'demo'\nprofile = 'strict'\nclient_id = 'acme.own'\n{DEMO}")
    model = json.loads(called("run", "--format", "json").stdout)
    assert (model["profile"], [each["scenario"] for each in model["scenarios"]]) == ("strict", ["sign-in"])
    words = ("--profile", "lenient", "--rule", "BIQ211", "--scenario", "extra-members", "--timeout", "60")
    model = json.loads(called("run", "--format", "json", "--client-id", "acme.other", *words).stdout)
    assert (model["profile"], [each["scenario"] for each in model["scenarios"]]) == (
        "lenient",
        ["control", "extra-members"],
    )
    assert [result["rule"] for result in model["results"]] == ["BIQ211"]


def test_the_doctor_speaks_where_nothing_could_be_judged(folder: Path) -> None:
    """What is wrong with this machine stands beside why there is no verdict: here a bundle of CAs that is missing."""
    write(folder, f"name = 'quiet'\ncommand = [{PYTHON}, '-S', '-c', '']")
    done = called("run", SSL_CERT_FILE="/no/such/bundle.pem")
    assert done.returncode == 3
    said = " ".join(done.stdout.split())
    assert said.index("never called BlastIQ") < said.index("doctor: ") < said.index("/no/such/bundle.pem")


def test_pyproject_is_taken_where_there_is_no_file_of_our_own(folder: Path) -> None:
    """[tool.blastiq] of the current folder."""
    (folder / "pyproject.toml").write_text(f"[[tool.blastiq.target]]\n{DEMO}\n")
    assert called("run", "--quick").returncode == 0


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        ((AUDIENCE, waiver(0)), 0, ("WAIVED  BIQ211", "CONFORMS, WITH WAIVERS", "release 7 (pat, until")),
        ((AUDIENCE, waiver(-1)), 1, ("FAIL  BIQ211", "EXPIRED     the waiver of BIQ211 expired on", "VIOLATES")),
        ((waiver(9),), 1, ("STALE       BIQ211 did not fail", "a waiver is stale or expired")),
    ],
    ids=["used", "expired", "stale"],
)
def test_waivers(folder: Path, more: tuple[str, ...], code: int, said: tuple[str, ...]) -> None:
    """A known failure is shown as waived; a waiver that is over or not needed fails the run."""
    write(folder, naive("it", *more))
    done = called("run", "--allow-untested")
    assert done.returncode == code, done.stdout
    for text in said:
        assert text in done.stdout


@pytest.mark.parametrize(
    ("text", "args", "said"),
    [
        ("", (), "no target is declared"),
        ("[[target]]\ncomand = ['x']", (), "key 'comand': there is no such key; did you mean 'command'?"),
        ("[[target]]\ncommand = ['x']", ("--target", "y"), "there is no target 'y'; known are default"),
        ("[[target]]\ncommand = ['x']", ("--config", "no.toml"), "no.toml cannot be read"),
        ("[[target]]\ncommand = ['x']", ("--target", "default", "--demo"), "name one integration"),
        ("[[target]]\ncommand = ['x']", ("--target", "default", "--", "x"), "name one integration"),
        ("[[target]]\ncommand = ['x']", ("--scenario", "tls-good"), "tls-good needs `tls`; declare it"),
        ("[[target]]\ncommand = ['x']", ("--tls", "--scenario", "endpoint-http"), "endpoint-http needs `intercept`"),
        ("[[target]]\ncommand = ['x']", ("--scenario", "parallel"), "parallel needs `concurrency`; declare it"),
        ("[[target]]\ncommand = ['x']", ("--rule", "BIQ804"), "judges BIQ804; `blastiq scenarios` says which do"),
    ],
)
def test_configurations_that_cannot_be_used_are_2(folder: Path, text: str, args: tuple[str, ...], said: str) -> None:
    """Nothing is started, and each fault says what to do."""
    (folder / "blastiq.toml").write_text(text)
    done = called("run", *args)
    assert done.returncode == 2, done.stdout
    assert said in " ".join(done.stderr.split())
