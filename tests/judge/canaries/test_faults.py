"""A fault of the kit itself tells where it happened, and no value that it stumbled over."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from fake_idp.system.fault_trace import log, trace

pytestmark = pytest.mark.slow

CANARY = "zQ7e-canary-of-somebody-9Kx"


def _fail(fault: Exception) -> None:
    raise fault from ValueError(CANARY)


def _raised(fault: Exception) -> Exception:
    try:
        _fail(fault)
    except Exception as caught:  # noqa: BLE001 - whatever was raised is what is looked at
        return caught
    return fault


@pytest.mark.parametrize(
    "fault",
    [RuntimeError(CANARY), KeyError(CANARY), OSError(28, CANARY, CANARY), ExceptionGroup(CANARY, [ValueError(CANARY)])],
    ids=lambda fault: type(fault).__name__,
)
def test_a_trace_has_lines_and_kinds_and_no_message(fault: Exception) -> None:
    """Of what led to it neither."""
    text = trace(_raised(fault))
    assert CANARY not in text
    assert "test_faults.py" in text
    assert type(fault).__name__ in text
    assert "ValueError" in text


def test_what_the_system_says_is_told() -> None:
    """That the disk is full, or that a module is missing, is not a value of a run."""
    assert "No space left" in trace(OSError(28, CANARY))
    assert "no module uvloop" in trace(ModuleNotFoundError(CANARY, name="uvloop"))


def test_a_loop_logs_no_arguments(caplog: pytest.LogCaptureFixture) -> None:
    """The event loop would show the arguments of the callback that failed."""
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(log)

    def fail(_value: str) -> None:
        loop.stop()
        raise RuntimeError(CANARY)

    loop.call_soon(fail, CANARY)
    loop.run_forever()
    loop.close()
    assert "RuntimeError" in caplog.text
    assert CANARY not in caplog.text


_CRASHES = {
    # What fails, and the command that comes by there.
    "reading": ("blastiq_conformance.sources.read", ("check", "x.har")),
    "judging": ("blastiq_conformance.judge.engine._judge_one", ("check", "x.har")),
    "writing": ("blastiq_conformance.writers.terminal.write", ("check", "x.har")),
    "running": (
        "blastiq_conformance.runner.scenario_pool.run_variant",
        ("run", "--quick", "--", sys.executable, "-c", "1"),
    ),
    "decoding": ("blastiq_conformance.cli.token._times", ("token", "eyJhIjoxfQ.eyJhIjoxfQ.x")),
    "searching": ("blastiq_conformance.scan.scan", ("scan", "x.har")),
    "looking": ("blastiq_conformance.doctor.diagnose", ("doctor",)),
    "drafting": ("blastiq_conformance.cli.init.draft", ("init", "--yes")),
}
_PROGRAM = """
import importlib, sys
module, _, name = sys.argv.pop(1).rpartition(".")
canary = sys.argv.pop(1)
def fail(*args, **more):
    local = canary
    raise ValueError(f"cannot read {local!r}")
setattr(importlib.import_module(module), name, fail)
from blastiq_conformance.__main__ import main
main()
"""
_HAR = '{"log": {"version": "1.2", "entries": [{"request": {"method": "GET", "url": "https://www.blastiq.com/api"}}]}}'


@pytest.mark.parametrize("where", _CRASHES)
def test_the_command_line_tells_no_value(where: str, tmp_path: Path) -> None:
    """Whatever fails, in this thread or another: exit code 5, the lines, and not what was being read."""
    (tmp_path / "x.har").write_text(_HAR)
    place, args = _CRASHES[where]
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, place, CANARY, *args],
        capture_output=True, text=True, check=False, cwd=str(tmp_path), timeout=120,
    )  # fmt: skip
    assert done.returncode == 5, done.stderr
    assert "ValueError" in done.stderr
    assert CANARY not in done.stdout + done.stderr


_OTHERS = {
    "a thread and a finaliser": """
import sys, threading
from fake_idp.system.fault_trace import guard
guard()
def fail(): raise ValueError(sys.argv[1])
thread = threading.Thread(target=fail)
thread.start()
thread.join()
class Last:
    def __del__(self): fail()
Last()
fail()
""",
    "a thread of blastiq": """
import sys, threading
import blastiq_conformance.cli.token as module
canary = sys.argv.pop(1)
def fail(): raise ValueError(canary)
def beside(*_):
    threading.Thread(target=fail).start()
    return []
module._times = beside
sys.argv[1:] = ["token", "eyJhIjoxfQ.eyJhIjoxfQ.x"]
from blastiq_conformance.__main__ import main
main()
""",
    "python -m fake_idp": """
import runpy, sys
from fake_idp.http.server import Server
canary = sys.argv.pop(1)
def fail(*_, **__): raise ValueError(canary)
Server.serve = fail
runpy.run_module("fake_idp", run_name="__main__")
""",
}


@pytest.mark.parametrize("where", _OTHERS)
def test_what_no_command_catches_tells_no_value(where: str) -> None:
    """A thread that judges beside the server, a finaliser, the server by itself."""
    done = subprocess.run(
        [sys.executable, "-c", _OTHERS[where], CANARY], capture_output=True, text=True, check=False, timeout=60
    )
    assert "ValueError" in done.stderr
    assert CANARY not in done.stderr
