"""The process behind a connection gets a name, and the same one each time."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blastiq_conformance.runner import callers
from blastiq_conformance.runner.callers import Callers
from blastiq_conformance.runner.run import run
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import scenarios
from tests.judge.runner.programs import GOOD, program

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")]

# Connects, waits until it is let go, and ends.
CALL = "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1]))); s.recv(1)"
PYTHON = f"{sys.executable} -S -c"
MARK = "a-mark-of-its-own"


@contextmanager
def child(code: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A shell that runs this, with the port as its argument, and leaves nothing behind."""
    env = os.environ | {"MARK": MARK, "CALL": CALL}
    with subprocess.Popen(["sh", "-c", code, "sh", str(port)], env=env, start_new_session=True) as process:
        yield process


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.settimeout(10)
        yield made


def names(listening: socket.socket, code: str, count: int) -> list[str]:
    """Name so many connections, each as it comes; each is let go before the next one."""
    found, named = [], Callers(MARK)
    with child(code, listening.getsockname()[1]) as process:
        named.started(process.pid)
        for _ in range(count):
            accepted, peer = listening.accept()
            with accepted:
                found.append(named(peer, accepted.getsockname()))
    return found


def test_a_program_is_the_child_itself(listening: socket.socket) -> None:
    """Whatever it calls, and whenever."""
    again = CALL.partition("; ")[2]
    assert names(listening, f'exec {PYTHON} "{CALL}; {again}" $1', 2) == ["p1", "p1"]


def test_what_a_script_starts_has_a_name_below_the_scripts(listening: socket.socket) -> None:
    """A process for each call: each another, all started by the same."""
    call = f'{PYTHON} "$CALL" $1'
    assert names(listening, f"{call}; {call}; true", 2) == ["p1/p2", "p1/p3"]


def test_a_subshell_stands_between(listening: socket.socket) -> None:
    """The path tells who started what."""
    call = f'{PYTHON} "$CALL" $1'
    assert names(listening, f"({call}; true); {call}; true", 2) == ["p1/p2/p3", "p1/p4"]


def test_who_has_left_its_parent_is_found_by_the_mark(listening: socket.socket) -> None:
    """A stray counts as started by the child."""
    stray = f'setsid sh -c \'{PYTHON} "$CALL" $0 & exit\' $1; sleep 0.3; {PYTHON} "$CALL" $1; true'
    assert names(listening, stray, 2) == ["p1/p2", "p1/p3"]


def test_nobody_else_is_named(listening: socket.socket) -> None:
    """Who calls from outside the child's tree has no name, and who is gone neither."""
    named = Callers(MARK)
    named.started(os.getpid())
    with socket.create_connection(listening.getsockname()) as client:
        accepted, peer = listening.accept()
        with accepted:
            assert named(peer, accepted.getsockname()) == "p1"
            elsewhere = Callers(MARK)
            with child("sleep 10", 0) as process:
                elsewhere.started(process.pid)
                assert elsewhere(peer, accepted.getsockname()) == ""
                process.kill()
            client.close()
            assert named(("127.0.0.1", 9), accepted.getsockname()) == ""


def test_a_fast_program_is_waited_for(listening: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may call before whoever started it has been told that it runs; and if nobody ever is, it has no name."""
    named = Callers(MARK)
    with socket.create_connection(listening.getsockname()):
        accepted, peer = listening.accept()
        with accepted:
            threading.Timer(0.2, named.started, [os.getpid()]).start()
            began = time.monotonic()
            assert named(peer, accepted.getsockname()) == "p1"
            assert time.monotonic() - began >= 0.1
            monkeypatch.setattr(callers, "_UNTIL_STARTED", 0.01)
            assert Callers(MARK)(peer, accepted.getsockname()) == ""


def test_who_passes_on_for_others_is_nobody(listening: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what comes out of an enclosure it is not known who sent it."""
    monkeypatch.setattr(callers, "_PASSES_ON", CALL)
    assert names(listening, f'exec {PYTHON} "$CALL" $1', 1) == [""]


JOBS = f"import subprocess, sys; [subprocess.run([sys.executable, '-S', '-c', {GOOD[-1]!r}]) for _ in range(2)]"


@pytest.mark.parametrize(
    ("command", "found"),
    [
        pytest.param(GOOD, ["p1"] * 3, id="one process"),
        pytest.param(program(JOBS), ["p1/p2"] * 3 + ["p1/p3"] * 3, id="a process for each job"),
    ],
)
@pytest.mark.parametrize("intercept", [(), ("www.blastiq.com", "api.blastiq.com")], ids=["plain", "through the proxy"])
def test_a_play_names_its_processes(command: tuple[str, ...], found: list[str], intercept: tuple[str, ...]) -> None:
    """Each exchange of a run has its client, in every play from p1 on, through the proxy too."""
    (played,) = run(Target(command=command, timeout=20.0, intercept=intercept), [scenarios()["sign-in"]])
    (evidence,) = played.evidences
    assert [exchange.client for exchange in evidence.exchanges] == found
