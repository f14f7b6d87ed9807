"""Bytes in, one of the documented exit codes out: whatever a file holds, no command ends otherwise."""

import random
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.judge.doors import DOORS, mutated
from tests.measuring import unmeasured

pytestmark = pytest.mark.slow

_CASES = 2_000
_DOCUMENTED = frozenset(range(5))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", DOORS)
def test_every_file_ends_in_a_documented_exit_code(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback, in bounded time; `python -m tests.judge.doors` tries as many as one likes, and other ones."""
    monkeypatch.chdir(tmp_path)
    door, chance, runner = DOORS[name], random.Random(name), CliRunner()
    contents = [*door.seeds, *(mutated(door.seeds, chance) for _ in range(_CASES // len(DOORS)))]
    for number, content in enumerate(contents):
        # One in four is enough to tell coverage what is entered.
        with nullcontext() if number % 4 == 0 else unmeasured():
            outcome = door.enter(content, tmp_path, runner)
        assert outcome in _DOCUMENTED, (outcome, content)
