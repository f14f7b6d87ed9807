"""Whether the clock can be right."""

import pytest

from blastiq_conformance.doctor import Status
from tests.judge.doctor.patients import NOW, Machine, check, readings


@pytest.mark.parametrize(
    ("both", "said"),
    [
        pytest.param(((0.0, 5.0),), "1970-01-01 00:00 UTC, before this kit was made", id="battery-empty"),
        pytest.param(((NOW + 4e8, 5.0),), "certificates of this kit have ended", id="far-future"),
        pytest.param(((1e20, 5.0),), "certificates of this kit have ended", id="beyond-any-calendar"),
        pytest.param(((NOW, 5.0), (NOW + 3600, 5.2)), "jumped by +3599.8 s", id="set-forward"),
        pytest.param(((NOW, 5.0), (NOW - 60, 5.0)), "jumped by -60.0 s", id="set-back"),
    ],
)
def test_a_clock_that_cannot_be_right(machine: Machine, both: tuple[tuple[float, float], ...], said: str) -> None:
    """Before the kit, after its certificates, or moving otherwise than time does."""
    machine.replace(clocks=readings(*both))
    found = check("clock", machine)
    assert found.status is Status.PROBLEM
    assert said in found.found
    assert "NTP" in found.advice


def test_a_slow_look_is_no_jump(machine: Machine) -> None:
    """Both clocks went on alike."""
    machine.replace(clocks=readings((NOW, 5.0), (NOW + 30, 35.0)))
    assert check("clock", machine).status is Status.OK
