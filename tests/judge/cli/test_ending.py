"""What ends a command early: a terminal that is full or gone, a signal, Ctrl-C once and again."""

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
from tests.judge.cli.shell import BLASTIQ, blastiq
from tests.judge.runner.programs import GO_ON, SIGN_IN, program
from tests.measuring import MEASURED

pytestmark = pytest.mark.slow

FULL = Path("/dev/full")
FLAWED = Path(__file__).parents[3] / "cassettes/flawed/BIQ211-auth0-sample.yaml"
# Both sign in, say so in a file and stay. The one does not go when it is asked, and says in another file that it was;
# the other leaves a process behind that nothing tells to be its own: neither group nor parent, nor a variable.
STUBBORN = """
import pathlib, signal, time
def refuse(*_): pathlib.Path("asked").write_text("")
signal.signal(signal.SIGTERM, refuse)
pathlib.Path("pid").write_text(str(os.getpid()))
while True: time.sleep(1)
"""
FORSAKEN = """
import pathlib, time
if not os.fork():
    os.setsid()
    if not os.fork():
        os.execve("/bin/sh", ["sh", "-c", "trap '' TERM; echo $$ > orphan; while :; do sleep 1; done"], {})
    os._exit(0)
os.wait()
while not pathlib.Path("orphan").exists(): time.sleep(0.01)
pathlib.Path("pid").write_text(str(os.getpid()))
time.sleep(60)
"""

posix = pytest.mark.skipif(os.name != "posix", reason="pipes and signals are others there")


# No file is always full elsewhere.
@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize("how", [">/dev/full", ">&-"], ids=["full", "closed"])
@pytest.mark.parametrize("command", ["rules", "--help"])
def test_standard_output_that_cannot_be_written_is_said_and_is_2(command: str, how: str) -> None:
    """Neither a verdict nor a fault of the kit, and no word of the interpreter's about it."""
    done = redirected(command, how)
    assert done.returncode == 2
    assert done.stderr.startswith("blastiq: standard output cannot be written: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("how", "code"),
    [(">/dev/full", 2), (">&-", 2), ("2>/dev/full", 2), (">&- 2>&-", 2), ("| head -c1; exit ${PIPESTATUS[0]}", 1)],
    ids=["full", "closed", "errors-full", "both-closed", "reader-gone"],
)
def test_files_are_written_whatever_becomes_of_the_terminal(tmp_path: Path, how: str, code: int) -> None:
    """Reports and bundle; whoever reads a verdict need not read to the end."""
    # The second is not a recording, which is said on standard error.
    command = f"check {FLAWED} {'/dev/null' if '2>' in how else ''} --report json=all.json --bundle all.zip"
    done = redirected(command, how, cwd=tmp_path, LC_ALL="C.UTF-8", **MEASURED)
    assert done.returncode == code, done.stderr
    assert json.loads((tmp_path / "all.json").read_text())["verdict"] == "violates"
    assert (tmp_path / "all.zip").stat().st_size > 0


def test_what_a_terminal_cannot_show_changes_no_exit_code(tmp_path: Path) -> None:
    """It is replaced, in a name of a file, and whatever else is said."""
    recording = tmp_path / "aufnahme 测试.yaml"
    recording.write_bytes(FLAWED.read_bytes())
    done = blastiq("check", str(recording), PYTHONIOENCODING="cp437")
    assert (done.returncode, "aufnahme \\u6d4b\\u8bd5.yaml" in done.stdout) == (1, True)


def redirected(command: str, how: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `blastiq` with its output where a shell leads it."""
    return subprocess.run(
        ["bash", "-c", f"{shlex.join(BLASTIQ)} {command} {how}"],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
        timeout=60,
        env=os.environ | env,
    )


@posix
@pytest.mark.parametrize("command", ["rules", "run --help", "rnu"])
def test_a_reader_that_goes_away_is_no_verdict(command: str) -> None:
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
    said = "blastiq: No space left on device: make room"
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
def staying(folder: Path, code: str, *args: str) -> Iterator[subprocess.Popen[str]]:
    """Start a run whose integration stays, and give it once that has signed in."""
    command = [*BLASTIQ, "run", "--quick", *args, "--", *program(SIGN_IN + GO_ON + code)]
    (folder / "rooms").mkdir()
    env = os.environ | MEASURED | {"TMPDIR": str(folder / "rooms")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, env=env
    ) as process:
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
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["int", "term"])
def test_whatever_ends_a_run_ends_its_children_and_leaves_the_report(tmp_path: Path, number: int, code: int) -> None:
    """It is of what was seen until then, whatever was allowed; nothing runs or lies about any more."""
    reports = ("--format", "json", "--report", "markdown=it.md", "--allow-untested")
    with staying(tmp_path, FORSAKEN, *reports) as process:
        process.send_signal(number)
        output, errors = process.communicate(timeout=60)
    model = json.loads(output)
    assert (process.returncode, model["exit_code"], model["verdict"]) == (code, 130, "incomplete")
    assert model["scenarios"][0]["exchanges"] == 3
    assert "**Exit 130**: interrupted" in (tmp_path / "it.md").read_text()
    assert errors.splitlines()[-1] == "Interrupted: this is the verdict on what was seen until then."
    assert [*(tmp_path / "rooms").iterdir()] == []
    assert not runs(tmp_path / "pid")
    # No other system lets a process be the parent of what its children leave.
    assert sys.platform != "linux" or not runs(tmp_path / "orphan")


def runs(file: Path) -> bool:
    """Tell whether the process whose number stands in a file is still there."""
    return Path(f"/proc/{file.read_text().strip()}").exists()


@posix
@pytest.mark.parametrize("times", [2, 5])
def test_a_second_interrupt_gives_a_child_no_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """However long children are given to end after the first one; and nobody who goes on pressing sees a trace."""
    (tmp_path / "patient.py").write_text(
        "from blastiq_conformance.runner import child\nchild._GRACE = 3600\n"
        "from blastiq_conformance.__main__ import main\nmain()"
    )
    monkeypatch.setattr(f"{__name__}.BLASTIQ", (sys.executable, str(tmp_path / "patient.py")))
    with staying(tmp_path, STUBBORN) as process:
        process.send_signal(signal.SIGINT)
        wait_for(tmp_path / "asked")
        for _ in range(1, times):
            process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.splitlines()[-1].startswith("Interrupted")
    assert "Traceback" not in errors
    assert not runs(tmp_path / "pid")
