"""Whether the clock can be right: tokens and certificates are judged by it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from blastiq_conformance.doctor.check import Check, Machine, problem

# This kit did not exist before its release; the certificates that it makes expire at the horizon.
RELEASED = datetime(2025, 10, 1, tzinfo=UTC)
HORIZON = datetime(2038, 1, 1, tzinfo=UTC)
_TOLERANCE = 1.0
_ADVICE = "Set the clock, or let the system set it (NTP): expiry, Retry-After and certificates are judged by it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Both clocks at one moment, in seconds."""

    wall: float
    monotonic: float

    @classmethod
    def of(cls, machine: Machine) -> Self:
        """Read them."""
        return cls(wall=machine.wall(), monotonic=machine.monotonic())


def check_clock(before: Reading, after: Reading) -> Check:
    """Check that the wall clock shows a possible time, and that it advanced as time did between two readings."""
    name = "clock"
    jump = (after.wall - before.wall) - (after.monotonic - before.monotonic)
    if abs(jump) > _TOLERANCE:
        found = f"the clock jumped by {jump:+.1f} s while it was looked at."
        return problem(name, found, _ADVICE)
    if after.wall < RELEASED.timestamp():
        found = f"it shows {_told(after.wall)}, before this kit was made."
    elif after.wall >= HORIZON.timestamp():
        found = f"it shows {_told(after.wall)}, when certificates of this kit have ended."
    else:
        return Check(name=name, found=f"it shows {_told(after.wall)}")
    return problem(name, found, _ADVICE)


def _told(wall: float) -> str:
    try:
        return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return f"{wall:g} s after 1970"
