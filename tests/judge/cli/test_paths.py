"""Where the kit runs: folders with spaces and letters beyond ASCII, a HOME that cannot be written, any locale."""

import sys
from pathlib import Path

import pytest

from tests.clients.launch import CLIENTS
from tests.judge.cli.shell import blastiq
from tests.judge.naive import RIGHT

pytestmark = pytest.mark.slow


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """The environment of a user whose folders are called oddly; HOME is a file: not even root can write below it."""
    folder = tmp_path / "größe 测试 'x"
    folder.mkdir()
    (tmp_path / "home").write_text("no folder")
    return {"TMPDIR": str(folder), "HOME": str(tmp_path / "home"), "LC_ALL": "POSIX"}


def test_a_run_leaves_what_was_asked_for_and_no_more(surroundings: dict[str, str]) -> None:
    """Over TLS, with a report and a bundle that verifies; what was temporary is gone."""
    folder = Path(surroundings["TMPDIR"])
    report, bundle = folder / "bericht ü.html", folder / "b ö.zip"
    words = ("--quick", "--report", f"html={report}", "--bundle", str(bundle), "--demo")
    done = blastiq("run", "--intercept", *words, **surroundings)
    assert done.returncode == 0, done.stdout + done.stderr
    assert blastiq("verify", str(bundle), **surroundings).returncode == 0
    assert sorted(folder.iterdir()) == sorted((report, bundle))


def test_the_kits_browser_is_found(surroundings: dict[str, str]) -> None:
    """By a path that needs quoting."""
    client = str(CLIENTS / "good" / "attended_loopback.py")
    done = blastiq("run", "--attended", "--quick", "--", sys.executable, client, **surroundings)
    assert done.returncode == 0, done.stdout + done.stderr


def test_targets_and_recordings_are_found(surroundings: dict[str, str]) -> None:
    """A configuration that names its program, and a recording that is named in the report as it is called."""
    folder = Path(surroundings["TMPDIR"])
    config, program = folder / "blastiq ä.toml", folder / "programm é.py"
    program.write_text(RIGHT, encoding="utf-8")
    command = f"['''{sys.executable}''', '''{program}''']"
    config.write_text(f'[[target]]\ncommand = {command}\nscenarios = ["sign-in"]\n', encoding="utf-8")
    done = blastiq("run", "--config", str(config), **surroundings)
    assert done.returncode == 0, done.stdout + done.stderr
    recording = folder / "aufnahme 记录.yaml"
    recording.write_bytes((CLIENTS.parent.parent / "cassettes" / "good" / "httpx.yaml").read_bytes())
    done = blastiq("check", str(recording), **surroundings)
    assert (done.returncode, "aufnahme" in done.stdout) == (0, True), done.stdout + done.stderr
