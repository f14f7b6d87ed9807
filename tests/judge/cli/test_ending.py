"""What ends a command early: a full disk, a reader that went away, Ctrl-C once and again."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from blastiq_conformance.cli import blastiq as command_line
from blastiq_conformance.cli.catalogue import rules
from tests.judge.cli.shell import BLASTIQ
from tests.judge.runner.programs import GO_ON, SIGN_IN, program

FULL = Path("/dev/full")
# Those that print and are over, one that prints a report, and what click prints itself.
COMMANDS = ["explain BIQ211", "rules", "scenarios", "doctor", "check {flawed}", "--help", "--version", "run --help"]
FLAWED = next((Path(__file__).parents[3] / "cassettes/flawed").iterdir())
# Signs in, says so in a file, then stays, whoever asks it to go, and says in another that it was asked.
STUBBORN = """
import pathlib, signal, time
def refuse(*_): pathlib.Path("asked").write_text("")
signal.signal(signal.SIGTERM, refuse)
pathlib.Path("pid").write_text(str(os.getpid()))
while True: time.sleep(1)
"""

posix = pytest.mark.skipif(os.name != "posix", reason="pipes and signals are others there")


# No file is always full elsewhere.
@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_said_and_is_2(command: str, unbuffered: str) -> None:
    """Neither a verdict nor a fault of the kit, and no word of the interpreter's about it."""
    with FULL.open("wb") as full:
        done = subprocess.run(
            [*BLASTIQ, *command.format(flawed=FLAWED).split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        )
    assert done.returncode == 2
    assert done.stderr.startswith("blastiq: standard output cannot be written: ")
    assert len(done.stderr.splitlines()) == 1


# No file is always full elsewhere.
@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
def test_files_are_written_where_standard_output_is_full(tmp_path: Path) -> None:
    """A report of its own has room on another disk."""
    with FULL.open("wb") as full:
        done = subprocess.run(
            [*BLASTIQ, "check", str(FLAWED), "--report", "json=all.json"],
            stdout=full,
            stderr=subprocess.DEVNULL,
            cwd=tmp_path,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert json.loads((tmp_path / "all.json").read_text())["verdict"] == "violates"


@posix
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("command", ["rules", "--help", "run --help", "rnu"])
def test_a_reader_that_goes_away_is_no_verdict(command: str, unbuffered: str) -> None:
    """`blastiq rules | head -1` must not exit 1, which says that something violates; nor be loud."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [*BLASTIQ, *command.split()],
            stdout=closed,
            # What is wrong with a command is said on standard error, which may have gone the same way.
            stderr=closed if command == "rnu" else subprocess.PIPE,
            check=False,
            timeout=30,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        )
    assert (done.returncode, done.stderr or b"") == (141, b"")


def test_an_interrupt_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C before there is anything to report exits 130; 1 would say that something violates."""

    def interrupt(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rules, "callback", interrupt)
    done = CliRunner().invoke(command_line, ["rules"])
    assert (done.exit_code, done.output) == (130, "Interrupted.\n")


def test_a_fault_of_another_file_is_not_blamed_on_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where it was printed is standard output the culprit."""

    def fail(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rules, "callback", fail)
    done = CliRunner().invoke(command_line, ["rules"])
    said = "blastiq: this machine has no more of what is needed: No space left on device"
    assert (done.exit_code, done.stderr.startswith(said)) == (2, True)


@posix
@pytest.mark.parametrize("command", ["run --demo --quick", "doctor", "init --yes"])
def test_a_folder_that_is_gone_is_no_fault_of_the_kit(tmp_path: Path, command: str) -> None:
    """Who stands in one that was removed is told so."""
    gone = tmp_path / "gone"
    gone.mkdir()
    line = f'rmdir "$PWD" && exec {shlex.join(BLASTIQ)} {command}'
    done = subprocess.run(["sh", "-c", line], cwd=gone, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("blastiq: the folder you stand in does not exist any more")


@contextmanager
def stubborn(folder: Path, *args: str) -> Iterator[subprocess.Popen[str]]:
    """Start a run whose integration stays, and give it once that has signed in."""
    command = [*BLASTIQ, "run", "--quick", *args, "--", *program(SIGN_IN + GO_ON + STUBBORN)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder) as process:
        try:
            wait_for(folder / "pid")
            yield process
        finally:
            process.kill()


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + 60
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert file.exists()


@posix
def test_the_report_of_an_interrupted_run_says_what_the_process_says(tmp_path: Path) -> None:
    """130 in the model, in what is written from it, and as exit code, whatever was allowed."""
    with stubborn(tmp_path, "--format", "json", "--report", "markdown=it.md", "--allow-untested") as process:
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    model = json.loads(output)
    assert (process.returncode, model["exit_code"], model["verdict"]) == (130, 130, "incomplete")
    assert model["scenarios"][0]["exchanges"] == 3
    assert "**Exit 130**: interrupted" in (tmp_path / "it.md").read_text()
    assert errors.splitlines()[-1] == "Interrupted: this is the verdict on what was seen until then."


@posix
@pytest.mark.parametrize("times", [2, 5])
def test_a_second_interrupt_gives_a_child_no_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """However long children are given to end after the first one; and nobody who goes on pressing sees a trace."""
    (tmp_path / "patient.py").write_text(
        "from blastiq_conformance.runner import child\nchild._GRACE = 3600\n"
        "from blastiq_conformance.__main__ import main\nmain()"
    )
    monkeypatch.setattr(f"{__name__}.BLASTIQ", (sys.executable, str(tmp_path / "patient.py")))
    with stubborn(tmp_path) as process:
        process.send_signal(signal.SIGINT)
        wait_for(tmp_path / "asked")
        for _ in range(1, times):
            process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.splitlines()[-1].startswith("Interrupted")
    assert "Traceback" not in errors
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text()}").exists()
