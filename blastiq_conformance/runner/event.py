"""Events of a run; they may come from several threads at the same time."""

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
    """One step of a run: how long the variant or the scenario took, how many requests were seen.

    `timed_out`: the kit had to end the variant's child.
    """

    what: Happening
    scenario: str
    variant: str = ""
    seconds: float = 0.0
    requests: int = 0
    timed_out: bool = False


OnEvent = Callable[[Event], None]


def ignore(_: Event) -> None:
    """Do nothing."""
