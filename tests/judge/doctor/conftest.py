"""A machine on which nothing is wrong."""

from pathlib import Path

import pytest

from blastiq_conformance.doctor import Machine
from tests.judge.doctor.patients import NOW, clock


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine on which nothing is wrong."""
    return Machine(
        wall=clock(NOW),
        monotonic=clock(5.0),
        resolve=lambda _: ("127.0.0.1", "::1"),
        temporary=lambda: str(tmp_path),
        folder=tmp_path,
    )
