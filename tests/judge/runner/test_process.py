"""What /proc tells of a process, and what is said of one that has ended."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from blastiq_conformance.runner.process import descendants, descriptors, is_marked, look_at, pids, words_of

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")]

SLEEPS = "import sys; sys.stdin.read()"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {SLEEPS!r}])"


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has started another, and both wait."""
    words = [sys.executable, "-S", "-c", PARENT]
    with subprocess.Popen(words, stdin=subprocess.PIPE, env=os.environ | {"MARK": "a-mark-of-its-own"}) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def child_of(process: subprocess.Popen[bytes]) -> int:
    while len(found := list(descendants(process.pid))) < 2:
        pass
    return found[1]


def test_a_process_and_what_it_started(parent: subprocess.Popen[bytes]) -> None:
    """The parent first, and each knows who started it, and when."""
    child = child_of(parent)
    first, second = look_at(parent.pid), look_at(child)
    assert (first.parent, second.parent) == (os.getpid(), parent.pid)
    assert 0 < first.started <= second.started
    assert {parent.pid, child} <= set(pids())


def test_what_it_was_given(parent: subprocess.Popen[bytes]) -> None:
    """Arguments and environment, which what it starts inherits."""
    child = child_of(parent)
    deadline = time.monotonic() + 10
    # Between fork and exec it is still called what its parent is called.
    while words_of(child)[-1:] != (SLEEPS,) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert words_of(child) == (sys.executable, "-S", "-c", SLEEPS)
    assert is_marked(child, "a-mark-of-its-own")
    assert not is_marked(os.getpid(), "a-mark-of-its-own")


def test_what_it_holds(tmp_path: Path) -> None:
    """By the name under which /proc shows it."""
    held = str(tmp_path / "held")
    with open(held, "w") as file:  # noqa: PTH123 - a text, as /proc has it
        assert (f"/proc/{os.getpid()}/fd/{file.fileno()}", held) in descriptors(os.getpid())
    assert held not in {leads_to for _, leads_to in descriptors(os.getpid())}


def test_a_process_that_has_ended_says_nothing() -> None:
    """No error, for a process may end while it is looked at."""
    gone = subprocess.Popen([sys.executable, "-S", "-c", ""])
    gone.wait()
    assert list(descendants(gone.pid)) == [gone.pid]
    assert (look_at(gone.pid).started, look_at(gone.pid).parent) == (0, 0)
    assert words_of(gone.pid) == ()
    assert list(descriptors(gone.pid)) == []
    assert not is_marked(gone.pid, "anything")
