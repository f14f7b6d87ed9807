"""Whether the clock can be right."""

from dataclasses import replace

import pytest

from blastiq_conformance.doctor import Machine, Status
from tests.judge.doctor.patients import NOW, check, clock


@pytest.mark.parametrize(
    ("wall", "monotonic", "said"),
    [
        pytest.param((0.0,), (5.0,), "1970-01-01 00:00 UTC, before this kit was made", id="battery-empty"),
        pytest.param((NOW + 4e8,), (5.0,), "certificates of this kit have ended", id="far-future"),
        pytest.param((1e20,), (5.0,), "certificates of this kit have ended", id="beyond-any-calendar"),
        pytest.param((NOW, NOW + 3600), (5.0, 5.2), "jumped by +3599.8 s", id="set-forward"),
        pytest.param((NOW, NOW - 60), (5.0, 5.0), "jumped by -60.0 s", id="set-back"),
    ],
)
def test_a_clock_that_cannot_be_right(
    machine: Machine, wall: tuple[float, ...], monotonic: tuple[float, ...], said: str
) -> None:
    """Before the kit, after its certificates, or moving otherwise than time does."""
    found = check("clock", replace(machine, wall=clock(*wall), monotonic=clock(*monotonic)))
    assert found.status is Status.PROBLEM
    assert said in found.found
    assert "NTP" in found.advice


def test_a_slow_look_is_no_jump(machine: Machine) -> None:
    """Both clocks went on alike."""
    slow = replace(machine, wall=clock(NOW, NOW + 30), monotonic=clock(5.0, 35.0))
    assert check("clock", slow).status is Status.OK
