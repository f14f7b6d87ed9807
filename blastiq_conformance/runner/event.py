"""What is told while a run goes on; from worker threads too, one call at a time is not promised."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Happening(StrEnum):
    """What happened."""

    SCENARIO_STARTED = "scenario-started"
    VARIANT_ENDED = "variant-ended"
    SCENARIO_ENDED = "scenario-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of a run: `seconds` is how long the variant or the scenario took, `requests` how many were seen."""

    what: Happening
    scenario: str
    variant: str = ""
    seconds: float = 0.0
    requests: int = 0


OnEvent = Callable[[Event], None]


def ignore(_: Event) -> None:
    """Tell nobody."""
