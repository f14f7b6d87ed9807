"""Bytes in, one of the documented exit codes out: whatever a file holds, no command ends otherwise."""

import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.judge.doors import DOORS, mutated

pytestmark = pytest.mark.slow

_CASES = 2_000
_DOCUMENTED = frozenset(range(5))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", DOORS)
def test_every_file_ends_in_a_documented_exit_code(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback, in bounded time; `python -m tests.judge.doors` tries as many as one likes, and other ones."""
    monkeypatch.chdir(tmp_path)
    door, chance, runner = DOORS[name], random.Random(name), CliRunner()
    for content in [*door.seeds, *(mutated(door.seeds, chance) for _ in range(_CASES // len(DOORS)))]:
        outcome = door.enter(content, tmp_path, runner)
        assert outcome in _DOCUMENTED, (outcome, content)
