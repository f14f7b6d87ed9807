"""Reports and bundle, each on its own."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from blastiq_conformance.cli import blastiq
from blastiq_conformance.writers import html
from tests.judge.cli.shell import called

FLAWED = next((Path(__file__).parents[3] / "cassettes/flawed").iterdir())


def checked(folder: Path, *args: str) -> tuple[int | None, str, BaseException | None]:
    """Judge a recording in this process, and give exit code, standard output and what escaped."""
    done = CliRunner().invoke(blastiq, ["check", str(FLAWED), "--format", "json", *args])
    assert json.loads(done.stdout)["verdict"] == "violates"
    assert json.loads((folder / "last.json").read_text())["verdict"] == "violates"
    assert (folder / "all.zip").stat().st_size > 0
    return done.exit_code, done.stderr, done.exception


def test_a_file_that_cannot_be_written_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named with the reason, and the exit code is that of something unusable; nothing half is left."""
    monkeypatch.chdir(tmp_path)
    gone = tmp_path / "gone"
    gone.mkdir()

    def write(_: object) -> str:
        # It was there when the command line was read.
        gone.rmdir()
        return "text"

    monkeypatch.setattr(html, "write", write)
    args = ("--report", f"html={gone / 'x'}", "--report", "json=last.json", "--bundle", "all.zip")
    code, errors, _ = checked(tmp_path, *args)
    assert (code, errors) == (2, f"the report html to {gone / 'x'} could not be written: No such file or directory\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.zip", "last.json"]


def test_a_fault_in_one_writer_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is still a fault of the kit."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(html, "write", lambda _: 1 / 0)
    args = ("--report", "html=x.html", "--report", "json=last.json", "--bundle", "all.zip")
    assert isinstance(checked(tmp_path, *args)[2], ZeroDivisionError)


@pytest.mark.parametrize(
    ("env", "colored"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
    ids=["a pipe", "FORCE_COLOR", "NO_COLOR as well"],
)
def test_colour_can_be_asked_for(env: dict[str, str], colored: bool) -> None:
    """A CI system that shows colours has no terminal; who wants none gets none."""
    done = called("check", str(FLAWED), **{"NO_COLOR": "", **env})
    assert ("\x1b[" in done.stdout) == colored


def test_a_brief_report() -> None:
    """It is the table and the verdict, and nothing that a machine reads can be shortened so."""
    done = called("check", "--brief", str(FLAWED))
    assert done.returncode == 1
    assert "\nVIOLATES" in done.stdout
    assert "received" not in done.stdout
    done = called("check", "--brief", "--format", "json", str(FLAWED))
    assert (done.returncode, done.stdout) == (2, "")
    assert "--brief shortens the text for the terminal" in done.stderr
