"""What the fixtures cost a test, after the first one."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.table import Row

_TESTS = 200
_SOURCE = """
import pytest

@pytest.mark.parametrize("n", range({count}))
def test_it(n{fixture}):
    pass
"""


def _seconds(fixture: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        test = Path(folder, "test_fixture.py")
        test.write_text(_SOURCE.format(count=_TESTS, fixture=fixture))
        best = float("inf")
        for _ in range(3):
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--durations=0", "-vv", str(test)],
                check=True,
                capture_output=True,
                text=True,
                cwd=folder,
            )
            spent = re.search(r" in ([\d.]+)s", done.stdout)
            assert spent is not None
            # The first test pays for the imports: the slowest phase of all is taken off.
            slowest = re.search(r"([\d.]+)s setup", done.stdout)
            best = min(best, float(spent[1]) - (float(slowest[1]) if slowest else 0.0))
        return best


def measure() -> list[Row]:
    """Compare each fixture with a test that has none."""
    bare = _seconds("")
    rows = []
    for fixture, goal in (("blastiq_server", 2.0), ("blastiq_idp", 1.0)):
        each = max(0.0, _seconds(f", {fixture}") - bare) / _TESTS * 1000
        rows.append(
            Row(f"fixture `{fixture}`, after the first", f"{each:.2f} ms a test", f"≤ {goal:g} ms", each <= goal)
        )
    return rows
