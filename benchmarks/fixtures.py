"""What the fixtures cost each test after the first one."""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.table import Row

_TESTS = 400
# The first test pays for the imports: the clock starts after it.
_SOURCE = """
import pathlib
import time

import pytest

clock = []

@pytest.mark.blastiq(traffic=False)
@pytest.mark.parametrize("n", range({count}))
def test_it(n{fixture}):
    clock.append(time.perf_counter())
    if n == {count} - 1:
        pathlib.Path("spent").write_text(str(clock[-1] - clock[1]))
"""


def _milliseconds(fixture: str) -> float:
    """Give how long a test takes with that fixture, the least of some rounds."""
    spent = []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_fixture.py").write_text(_SOURCE.format(count=_TESTS, fixture=fixture))
        for _ in range(5):
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_fixture.py"]
            subprocess.run(command, check=True, capture_output=True, cwd=folder)
            spent.append(float(Path(folder, "spent").read_text()))
    return min(spent) / (_TESTS - 2) * 1000


def measure() -> list[Row]:
    """Compare each fixture with a test that has none."""
    bare = _milliseconds("")
    rows = []
    for fixture, goal in (("blastiq_server", 2.0), ("blastiq_idp", 1.0)):
        each = max(0.0, _milliseconds(f", {fixture}") - bare)
        rows.append(
            Row(f"fixture `{fixture}`, after the first", f"{each:.2f} ms a test", f"≤ {goal:g} ms", each <= goal)
        )
    return rows
