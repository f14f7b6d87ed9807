"""Plays scenarios at once: those that only wait run beside those that keep a processor busy."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.runner.event import Event, Happening, OnEvent
from blastiq_conformance.runner.play import Play, Stage, canary, lodging, play
from blastiq_conformance.scenarios import Scenario, Variant

# Fakes and children that are alive at once, where most of them only wait.
_MOST_ALIVE = 16

_Playing = Future[list[Evidence]]


@dataclass(slots=True)
class _Progress:
    """How far a scenario has come: what is being played of it, in the order of its variants."""

    scenario: Scenario
    playing: list[_Playing] = field(default_factory=list)
    started: float | None = None
    followed_up: bool = False

    @property
    def evidences(self) -> tuple[Evidence, ...]:
        return tuple(evidence for future in self.playing if future.done() for evidence in future.result())


class Company:
    """Plays scenarios on a stage; `jobs` children may be busy at once, more may wait, but for a single job."""

    def __init__(self, stage: Stage, jobs: int, on_event: OnEvent) -> None:
        """Start nothing yet."""
        self._stage = stage
        self._alone = jobs == 1
        self._workers = 1 if self._alone else max(jobs, _MOST_ALIVE)
        self._slots = threading.Semaphore(jobs)
        self._on_event = on_event

    def perform(self, scenarios: Sequence[Scenario]) -> dict[str, Play]:
        """Play them, give each by its slug; where the run was cancelled, those of which anything was seen."""
        # The longest first: the whole then takes hardly longer than it.
        progress = [_Progress(scenario) for scenario in sorted(scenarios, key=lambda scenario: -scenario.seconds)]
        plays: dict[str, Play] = {}
        pool = ThreadPoolExecutor(self._workers, "blastiq-play")
        try:
            for each in progress:
                self._submit(pool, each, each.scenario.variants)
            while len(plays) < len(progress):
                self._advance(pool, progress, plays)
        except BaseException as error:
            self._stage.cancelled.set()
            if not isinstance(error, KeyboardInterrupt):
                raise
        finally:
            self._dismiss(pool, [future for each in progress for future in each.playing])
        for each in progress:
            if each.scenario.slug not in plays:
                plays[each.scenario.slug] = _play(each, interrupted=True)
        return {slug: play for slug, play in plays.items() if play.evidences}

    def _dismiss(self, pool: ThreadPoolExecutor, playing: Sequence[_Playing]) -> None:
        """Wait until all is played; who presses Ctrl-C meanwhile has waited long enough, and children are killed."""
        # Not for the threads: before Python 3.13 one whose `join` was interrupted is taken for ended.
        while not all(future.done() for future in playing):
            try:
                wait(playing)
            except KeyboardInterrupt:
                self._stage.hurried.set()
                self._stage.cancelled.set()
        pool.shutdown()

    def _submit(self, pool: ThreadPoolExecutor, progress: _Progress, variants: Sequence[Variant]) -> None:
        groups = [tuple(variants)] if progress.scenario.in_turn else [(variant,) for variant in variants]
        progress.playing += [pool.submit(self._play_in_turn, progress, group) for group in groups]

    def _advance(self, pool: ThreadPoolExecutor, progress: Sequence[_Progress], plays: dict[str, Play]) -> None:
        open_ = [each for each in progress if each.scenario.slug not in plays]
        wait([f for each in open_ for f in each.playing if not f.done()], return_when=FIRST_COMPLETED)
        for each in open_:
            if not all(future.done() for future in each.playing):
                continue
            cancelled = self._stage.cancelled.is_set()
            if (
                each.scenario.follow_up
                and not each.followed_up
                and not cancelled
                and any(map(_went_wrong, each.evidences))
            ):
                each.followed_up = True
                self._submit(pool, each, each.scenario.follow_up)
                continue
            plays[each.scenario.slug] = _play(each, interrupted=cancelled)
            self._tell(Happening.SCENARIO_ENDED, each, seconds=plays[each.scenario.slug].seconds)

    def _play_in_turn(self, progress: _Progress, variants: Sequence[Variant]) -> list[Evidence]:
        """Play variants one after the other, all by the same user where they are several."""
        evidences: list[Evidence] = []
        username = canary() if len(variants) > 1 else ""
        # One HOME for all of them: what a client kept of a run is there in the next (D46).
        with lodging(self._stage.inherited) as home:
            for variant in variants:
                slot = _Slot(self._slots)
                try:
                    if self._stage.cancelled.is_set():
                        break
                    evidences.append(self._play_one(progress, variant, slot, home, username, evidences))
                finally:
                    slot.give_back()
        return evidences

    def _play_one(
        self,
        progress: _Progress,
        variant: Variant,
        slot: "_Slot",
        home: Path,
        username: str,
        before: Sequence[Evidence],
    ) -> Evidence:
        began = time.monotonic()
        if progress.started is None:
            progress.started = began
            self._tell(Happening.SCENARIO_STARTED, progress)
        waits = progress.scenario.seconds >= 1 and not self._alone
        evidence = play(
            self._stage,
            progress.scenario,
            variant,
            home=home,
            username=username,
            previous_password=before[-1].facts.password if before else None,
            # Once it has called it is up; what follows is mostly waiting for the next second, or for the fake.
            on_contact=slot.give_back if waits else _nothing,
        )
        self._tell(
            Happening.VARIANT_ENDED,
            progress,
            variant=variant.name,
            seconds=time.monotonic() - began,
            requests=len(evidence.exchanges),
            timed_out=evidence.child is not None and evidence.child.timed_out,
        )
        return evidence

    def _tell(
        self,
        what: Happening,
        progress: _Progress,
        *,
        variant: str = "",
        seconds: float = 0.0,
        requests: int = 0,
        timed_out: bool = False,
    ) -> None:
        self._on_event(
            Event(
                what=what,
                scenario=progress.scenario.slug,
                variant=variant,
                seconds=seconds,
                requests=requests,
                timed_out=timed_out,
            )
        )


class _Slot:
    """Leave to keep a processor busy, given back once: on first contact, or when the child has ended."""

    def __init__(self, slots: threading.Semaphore) -> None:
        slots.acquire()
        self._slots = slots
        self._lock = threading.Lock()
        self._held = True

    def give_back(self) -> None:
        with self._lock:
            held, self._held = self._held, False
        if held:
            self._slots.release()


def _nothing() -> None:
    """Keep the slot."""


def _play(progress: _Progress, *, interrupted: bool) -> Play:
    seconds = 0.0 if progress.started is None else time.monotonic() - progress.started
    return Play(scenario=progress.scenario, evidences=progress.evidences, seconds=seconds, interrupted=interrupted)


def _went_wrong(evidence: Evidence) -> bool:
    """Whether a credential left the client other than it was injected, or none left it at all."""
    injected = (evidence.facts.username, evidence.facts.password)
    sent = [(request.value("username"), request.value("password")) for request in evidence.password_grants]
    return not sent or any(pair != injected for pair in sent)
