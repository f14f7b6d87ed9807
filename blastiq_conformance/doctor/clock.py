"""Whether the clock can be right: tokens and certificates are judged by it."""

import time
from datetime import UTC, datetime

from blastiq_conformance.doctor.check import Check, problem

# This kit did not exist before its release; the certificates that it makes expire at the horizon.
RELEASED = datetime(2025, 10, 1, tzinfo=UTC)
HORIZON = datetime(2038, 1, 1, tzinfo=UTC)
_TOLERANCE = 1.0
_ADVICE = "Set the clock, or let the system set it (NTP): expiry, Retry-After and certificates are judged by it."


def clocks() -> tuple[float, float]:
    """Read the wall clock, and the one that nobody can set."""
    return time.time(), time.monotonic()


def check_clock(before: tuple[float, float], after: tuple[float, float]) -> Check:
    """Check that the wall clock shows a possible time, and that it advanced as time did between two readings."""
    name, wall = "clock", after[0]
    jump = (wall - before[0]) - (after[1] - before[1])
    if abs(jump) > _TOLERANCE:
        found = f"the clock jumped by {jump:+.1f} s while it was looked at."
        return problem(name, found, _ADVICE)
    if wall < RELEASED.timestamp():
        found = f"it shows {_told(wall)}, before this kit was made."
    elif wall >= HORIZON.timestamp():
        found = f"it shows {_told(wall)}, when certificates of this kit have ended."
    else:
        return Check(name=name, found=f"it shows {_told(wall)}")
    return problem(name, found, _ADVICE)


def _told(wall: float) -> str:
    try:
        return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return f"{wall:g} s after 1970"
