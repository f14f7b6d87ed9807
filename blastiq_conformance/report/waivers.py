"""Waivers: known failures, each with a reason, an owner and an end; shown as waived, never hidden."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self

from blastiq_conformance.catalogue import Outcome, Result
from blastiq_conformance.report.shape import PlannedWaiverShape, WaiverShape


class State(StrEnum):
    """The state of a waiver. A stale or expired one fails the run."""

    USED = "used"
    STALE = "stale"  # its rule did not fail
    EXPIRED = "expired"
    OPEN = "open"  # not every scenario that could need it ran, or the rule stayed untested

    @property
    def fails(self) -> bool:
        """Whether it fails the run."""
        return self in {State.STALE, State.EXPIRED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A failure that is accepted until the end of the day `expires`, in one scenario or in all."""

    rule: str
    reason: str
    owner: str
    expires: date
    scenario: str = ""

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """Read a waiver from a report or from the manifest of a bundle."""
        return cls(
            rule=told["rule"],
            scenario=told["scenario"],
            reason=told["reason"],
            owner=told["owner"],
            expires=date.fromisoformat(told["expires"]),
        )

    def show(self, clean: Callable[[str], str]) -> PlannedWaiverShape:
        """Give what `read` reads, with its texts redacted by `clean`."""
        return {
            "rule": self.rule,
            "scenario": self.scenario,
            "reason": clean(self.reason),
            "owner": clean(self.owner),
            "expires": self.expires.isoformat(),
        }

    def covers(self, rule: str, scenario: str) -> bool:
        """Whether it is meant for this rule in this scenario."""
        return self.rule == rule and self.scenario in {"", scenario}

    def expired(self, today: date) -> bool:
        """Whether its last day has passed."""
        return today > self.expires


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A waiver and its state; `awaits` are the scenarios that did not run and could still need it."""

    waiver: Waiver
    state: State
    awaits: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """What became of it, and what to do."""
        waiver = self.waiver
        whose = f"{waiver.rule}{f' in {waiver.scenario}' if waiver.scenario else ''}"
        match self.state:
            case State.USED:
                return f"{whose} failed and is waived until {waiver.expires}."
            case State.STALE:
                return f"{whose} did not fail: the waiver is stale. Remove it."
            case State.EXPIRED:
                return (
                    f"the waiver of {whose} expired on {waiver.expires}: it covers nothing any more. Mend the "
                    f"integration and remove it, or agree on a new date with {waiver.owner}."
                )
            case State.OPEN:
                missing = ", ".join(self.awaits)
                seen = f"not run: {missing}" if missing else "the rule stayed untested"
                return f"nothing is known yet of {whose} ({seen}); the waiver stays until {waiver.expires}."

    def show(self, clean: Callable[[str], str]) -> WaiverShape:
        """Give it as it is reported, with its texts redacted by `clean`."""
        return {
            **self.waiver.show(clean),
            "state": str(self.state),
            "awaits": list(self.awaits),
            "text": clean(self.text),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Waivers:
    """The waivers of one target on one day; `due` says which scenarios of the target judge a rule."""

    given: tuple[Waiver, ...] = ()
    today: date = date.min
    due: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def covering(self, rule: str, scenario: str) -> int | None:
        """Give the index of the waiver that covers this rule here, None if none does."""
        valid = ((index, waiver) for index, waiver in enumerate(self.given) if not waiver.expired(self.today))
        return next((index for index, waiver in valid if waiver.covers(rule, scenario)), None)

    def apply(self, scenario: str, results: Iterable[Result]) -> Iterator[Result]:
        """Turn failed results that are covered into waived ones; their findings stay."""
        for result in results:
            place = self.covering(result.rule, scenario) if result.outcome is Outcome.FAILED else None
            if place is None:
                yield result
            else:
                waiver = self.given[place]
                reason = f"waived until {waiver.expires} by {waiver.owner}: {waiver.reason}"
                yield replace(result, outcome=Outcome.WAIVED, reason=reason)

    def standings(self, judged: Sequence[tuple[str, Sequence[Result]]]) -> tuple[Standing, ...]:
        """Give the state of each waiver, by the results of each scenario that ran."""
        ran = {scenario for scenario, _ in judged}
        standings = []
        for waiver in self.given:
            outcomes = [
                result.outcome
                for scenario, results in judged
                for result in results
                if waiver.covers(result.rule, scenario)
            ]
            due = {waiver.scenario} if waiver.scenario else self.due.get(waiver.rule, frozenset())
            awaits = tuple(sorted(due - ran))
            state = settle(waiver, outcomes, awaits, self.today)
            standings.append(Standing(waiver=waiver, state=state, awaits=awaits))
        return tuple(standings)


def settle(waiver: Waiver, outcomes: Iterable[Outcome], awaits: Iterable[str], today: date) -> State:
    """Give the state of a waiver by the outcomes of its rule in the scenarios that it covers."""
    seen = frozenset(outcomes)
    if waiver.expired(today):
        return State.EXPIRED
    if seen & {Outcome.FAILED, Outcome.WAIVED}:
        return State.USED
    # Some of the scenarios do not prove that the failure is gone, nor does an untested rule unless it also passed.
    doubt = Outcome.CANT_TELL in seen or (Outcome.UNTESTED in seen and Outcome.PASSED not in seen)
    return State.OPEN if doubt or any(awaits) or not seen else State.STALE
