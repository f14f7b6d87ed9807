"""A machine on which nothing is wrong."""

from pathlib import Path

import pytest

from tests.judge.doctor.patients import NOW, Machine, readings


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    """A machine on which nothing is wrong."""
    made = Machine(monkeypatch, tmp_path)
    made.replace(clocks=readings((NOW, 5.0)), resolve=lambda: ("127.0.0.1", "::1"), temporary=lambda: str(tmp_path))
    return made
