"""What starting costs: commands against bare Python, the server to its first answer, an unused plugin."""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.process import memory, serving
from benchmarks.table import Row

_PYTHON = sys.executable


def _cpu_ms(*command: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, cwd=tempfile.gettempdir())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def _wall_ms(*command: str, rounds: int = 9) -> float:
    spent = []
    for _ in range(rounds):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        spent.append(time.perf_counter() - started)
    return min(spent) * 1000


def _commands() -> list[Row]:
    bare = _wall_ms(_PYTHON, "-c", "pass")
    blastiq = str(Path(_PYTHON).with_name("blastiq"))
    rows = []
    for command, goal in ((("--version",), 50), (("rules",), 150), (("explain", "BIQ211"), 150), (("scenarios",), 150)):
        more = _wall_ms(blastiq, *command) - bare
        rows.append(
            Row(f"`blastiq {' '.join(command)}`", f"{more:.0f} ms more than bare Python", f"≤ {goal} ms", more <= goal)
        )
    return rows


def _server() -> list[Row]:
    answers, resident = [], 0.0
    for _ in range(5):
        started = time.perf_counter()
        with serving("fake_idp") as (process, told):
            url = told["authority"] + "/.well-known/openid-configuration"
            with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server
                answer.read()
            answers.append(time.perf_counter() - started)
            resident = memory(process.pid)
    first = statistics.median(answers) * 1000
    return [
        Row("`python -m fake_idp` to the first answer", f"{first:.0f} ms", "≤ 150 ms", first <= 150),
        Row("the same, idle", f"{resident:.0f} MiB", "< 50 MiB", resident < 50),
    ]


def _plugin() -> Row:
    with tempfile.TemporaryDirectory() as folder:
        test = Path(folder, "test_nothing.py")
        test.write_text("def test_nothing():\n    pass\n")
        command = (_PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test))
        # In turn, and the least of each, to cancel the noise of this machine.
        rounds = [(_cpu_ms(*command), _cpu_ms(*command, "-p", "no:blastiq_conformance")) for _ in range(25)]
    with_plugin, without = (min(spent) for spent in zip(*rounds, strict=True))
    more = with_plugin - without
    return Row("the pytest plugin, installed and unused", f"{more:.0f} ms CPU", "≤ 10 ms", more <= 10)


def measure() -> list[Row]:
    """Measure all three."""
    return [*_commands(), *_server(), _plugin()]
