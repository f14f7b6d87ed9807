"""The child process: started without a shell, watched, and ended with everything that it started."""

import os
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from blastiq_conformance.evidence import Child
from blastiq_conformance.runner.child import attend
from blastiq_conformance.runner.contract import MARKER
from blastiq_conformance.runner.fake import Traffic
from blastiq_conformance.runner.not_run import NotRun
from blastiq_conformance.runner.sightings import Sightings
from blastiq_conformance.runner.target import Target
from tests.judge.runner.programs import program

pytestmark = pytest.mark.slow

NEVER = threading.Event()


def idle_for(seconds: float | None) -> Traffic:
    return cast("Traffic", SimpleNamespace(idle=lambda: seconds, flood=int))


def attended(
    *argv: str,
    timeout: float = 10.0,
    quiet: float | None = None,
    idle: float | None = 60.0,
    cancelled: threading.Event = NEVER,
    hurried: threading.Event = NEVER,
) -> Child:
    marker = f"test-{time.monotonic_ns()}"
    target, env = Target(command=argv, timeout=timeout, quiet=quiet), os.environ | {MARKER: marker}
    return attend(target, env, idle_for(idle), Sightings(marker), cancelled=cancelled, hurried=hurried)


def gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_output_and_exit_status_are_kept() -> None:
    """What the child wrote and how it ended is in the evidence."""
    child = attended(*program("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"))
    assert (child.exit_status, child.stdout, child.stderr) == (3, b"out\n", b"err\n")
    assert not child.stopped
    assert not child.timed_out


@pytest.mark.parametrize(("code", "asked"), [("print(repr(input()))", True), ("print(0)", False)])
def test_whoever_asks_gets_an_empty_line_and_is_found_out(code: str, asked: bool) -> None:
    """Nobody answers (A4): what is left of standard input tells whether the child read from it."""
    child = attended(*program(code))
    assert (child.exit_status, child.asked) == (0, asked)
    assert not asked or child.stdout == b"''\n"


def test_a_second_question_meets_the_end_of_input() -> None:
    """There is one empty line, and no more."""
    assert attended(*program("input(), input()")).stderr.rstrip().endswith(b"EOFError: EOF when reading a line")


def test_no_shell_reads_the_command() -> None:
    """An argument reaches the child as it is, whatever a shell would make of it."""
    child = attended(*program("import sys; print(sys.argv[1])"), "$HOME; echo `id` *")
    assert child.stdout == b"$HOME; echo `id` *\n"


def test_much_output_never_blocks_the_child() -> None:
    """A child that writes more than is kept ends all the same; head and tail are there."""
    code = "import sys\nfor s in (sys.stdout, sys.stderr):\n s.write('head'); s.write('x' * 3_000_000); s.write('tail')"
    child = attended(*program(code))
    assert child.exit_status == 0
    for data in (child.stdout, child.stderr):
        assert data.startswith(b"head")
        assert data.endswith(b"tail")
        assert len(data) < 1_100_000


def test_a_hanging_child_is_ended_with_its_tree() -> None:
    """The timeout ends the child and what it started; its exit status is then unknown."""
    code = "import subprocess, sys; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); p.wait()"
    started = time.monotonic()
    child = attended(*program(code), timeout=1.0)
    assert child.timed_out
    assert child.exit_status is None
    assert time.monotonic() - started < 3
    assert gone(int(child.stdout))


def test_a_child_that_ignores_sigterm_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the grace comes SIGKILL."""
    monkeypatch.setattr("blastiq_conformance.runner.child._GRACE", 0.3)
    code = "import os, signal, time; signal.signal(15, signal.SIG_IGN); print(os.getpid(), flush=True); time.sleep(60)"
    child = attended(*program(code), timeout=0.7)
    assert child.timed_out
    assert gone(int(child.stdout))


def test_a_signal_is_told_as_a_negative_status() -> None:
    """A child that a signal ended has the signal's number, negative, as in subprocess."""
    assert attended(*program("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")).exit_status == -11


def test_grandchildren_left_in_the_group_are_ended() -> None:
    """A process that the child leaves behind ends with the run, and does not hold it up."""
    code = "import subprocess; print(subprocess.Popen(['sleep', '60']).pid)"
    started = time.monotonic()
    child = attended(*program(code))
    assert child.exit_status == 0
    assert time.monotonic() - started < 3
    assert gone(int(child.stdout))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only /proc shows the marker")
def test_grandchildren_that_left_the_group_are_ended() -> None:
    """A daemon in a session of its own is found by the marker that it inherited."""
    code = "import subprocess; print(subprocess.Popen(['sleep', '60'], start_new_session=True).pid)"
    child = attended(*program(code))
    assert gone(int(child.stdout))


def test_a_quiet_service_is_stopped() -> None:
    """A service that stays up is stopped after a quiet time; its exit status then says nothing."""
    child = attended(*program("import time; time.sleep(60)"), quiet=0.5)
    assert child.stopped
    assert not child.timed_out
    assert child.exit_status is None


def test_a_service_that_is_never_quiet_is_stopped_at_the_end_of_its_time() -> None:
    """A declared service that polls for ever does not hang; one that never called does."""
    sleeper = program("import time; time.sleep(60)")
    busy = attended(*sleeper, quiet=5.0, idle=0.1, timeout=0.5)
    assert (busy.stopped, busy.timed_out) == (True, False)
    silent = attended(*sleeper, quiet=5.0, idle=None, timeout=0.5)
    assert (silent.stopped, silent.timed_out) == (False, True)


def test_a_timeout_tells_how_long_the_child_had_been_idle() -> None:
    """So that who was at work is told from who hung; a child that ended by itself has no such time."""
    assert attended(*program("import time; time.sleep(60)"), idle=0.1, timeout=0.5).idle == 0.1
    assert attended(*program("pass"), idle=0.1).idle is None


def test_cancelling_stops_the_child() -> None:
    """Where the user ends the run, the child ends."""
    cancelled = threading.Event()
    threading.Timer(0.3, cancelled.set).start()
    child = attended(*program("import time; time.sleep(60)"), cancelled=cancelled)
    assert child.stopped


def test_who_is_in_a_hurry_kills_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """No grace is left for a child that ignores SIGTERM."""
    monkeypatch.setattr("blastiq_conformance.runner.child._GRACE", 3600)
    hurried = threading.Event()
    threading.Timer(1.2, hurried.set).start()
    code = "import os, signal, time; signal.signal(15, signal.SIG_IGN); print(os.getpid(), flush=True); time.sleep(60)"
    child = attended(*program(code), timeout=1.0, hurried=hurried)
    assert gone(int(child.stdout))


@pytest.mark.parametrize(
    ("name", "content", "mode", "says"),
    [
        ("missing", None, 0, "there is no command"),
        ("plain", "#!/bin/sh\n", 0o644, "may not be executed"),
        ("no-interpreter", "#!/nowhere/sh\n", 0o755, "the interpreter in its first line does not"),
        ("text", "just text\n", 0o755, "is not a program that this system can run"),
    ],
)
def test_what_cannot_start_says_why(tmp_path: Path, name: str, content: str | None, mode: int, says: str) -> None:
    """Each way of not starting has its own text."""
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
        path.chmod(mode)
    with pytest.raises(NotRun, match=says) as caught:
        attended(str(path))
    assert caught.value.kind == "not-started"


def test_a_file_beside_that_is_not_on_path_is_named(tmp_path: Path) -> None:
    """A bare name is sought on PATH alone: the text says so, and does not blame an interpreter."""
    (tmp_path / "app.js").write_text("#!/usr/bin/env node\n")
    target = Target(command=("app.js",), cwd=tmp_path)
    with pytest.raises(NotRun, match=r"'app\.js' is a file here.*\./app\.js"):
        attend(target, os.environ, idle_for(None), Sightings("x"), cancelled=NEVER, hurried=NEVER)


def test_a_folder_and_a_missing_working_directory_are_told_apart(tmp_path: Path) -> None:
    """A folder as command, and a cwd that is not there, are said to be just that."""
    with pytest.raises(NotRun, match="is a folder"):
        attended(str(tmp_path))
    target = Target(command=("true",), cwd=tmp_path / "gone")
    with pytest.raises(NotRun, match=r"the working directory .* does not exist"):
        attend(target, os.environ, idle_for(None), Sightings("x"), cancelled=NEVER, hurried=NEVER)


def test_an_argument_that_no_system_takes_is_not_started() -> None:
    """A NUL in an argument is refused with a text, not a traceback."""
    with pytest.raises(NotRun, match="could not be started"):
        attended("true", "a\0b")
