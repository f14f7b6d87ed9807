"""Runs scenarios in parallel: those that mostly wait beside those that keep a processor busy."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.runner.run_context import RunContext
from blastiq_conformance.runner.scenario_run import ScenarioRun, lodging, run_variant
from blastiq_conformance.scenarios import Scenario, Variant

# How many fakes and children may be alive at once, as most of them only wait.
_MOST_ALIVE = 16

_Running = Future[list[Evidence]]


class Happening(StrEnum):
    """What happened."""

    TIMED_OUT = "timed-out"
    SCENARIO_ENDED = "scenario-ended"
    HELD_UP = "held-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of a run, from any thread: a scenario ended after so many seconds and requests.

    Or the kit had to end a variant's child after so many seconds; or the kit was held up for so many, and runs the
    scenario again.
    """

    what: Happening
    scenario: str
    seconds: float
    requests: int = 0


OnEvent = Callable[[Event], None]


@dataclass(slots=True)
class _Progress:
    """The progress of a scenario: its running and finished variants, in order, and those that are left."""

    scenario: Scenario
    left: list[tuple[Variant, ...]]
    running: list[_Running] = field(default_factory=list)
    started: float | None = None

    @property
    def under_way(self) -> list[_Running]:
        return [future for future in self.running if not future.done()]

    @property
    def evidences(self) -> tuple[Evidence, ...]:
        return tuple(evidence for future in self.running if future.done() for evidence in future.result())


class ScenarioPool:
    """Runs scenarios; `jobs` children may be busy at once and others may wait, unless there is a single job."""

    def __init__(self, context: RunContext, jobs: int, on_event: OnEvent) -> None:
        """Start nothing yet."""
        self._context = context
        self._alone = jobs == 1
        self._workers = 1 if self._alone else max(jobs, _MOST_ALIVE)
        self._slots = threading.Semaphore(jobs)
        self._on_event = on_event

    def run(self, scenarios: Sequence[Scenario]) -> dict[str, ScenarioRun]:
        """Run them and give each by its slug; where the run was cancelled, those of which anything was seen."""
        # The longest first: all of them then take hardly longer than that one.
        longest_first = sorted(scenarios, key=lambda scenario: -scenario.seconds)
        progress = [_Progress(scenario, [scenario.follow_up, scenario.variants]) for scenario in longest_first]
        runs: dict[str, ScenarioRun] = {}
        pool = ThreadPoolExecutor(self._workers, "blastiq-run")
        try:
            while len(runs) < len(progress):
                for each in progress:
                    if each.scenario.slug not in runs and not each.under_way and not self._go_on(pool, each):
                        runs[each.scenario.slug] = self._end(each)
                wait([future for each in progress for future in each.under_way], return_when=FIRST_COMPLETED)
        except BaseException as error:
            self._context.cancelled.set()
            if not isinstance(error, KeyboardInterrupt):
                raise
        finally:
            self._dismiss(pool, [future for each in progress for future in each.running])
        for each in progress:
            seen = ScenarioRun(scenario=each.scenario, evidences=each.evidences, interrupted=True)
            runs.setdefault(each.scenario.slug, seen)
        return {slug: scenario_run for slug, scenario_run in runs.items() if scenario_run.evidences}

    def _dismiss(self, pool: ThreadPoolExecutor, running: Sequence[_Running]) -> None:
        """Wait until all have ended; another Ctrl-C meanwhile kills the children."""
        # Not for the threads: before Python 3.13 a thread whose `join` was interrupted counts as ended.
        while not all(future.done() for future in running):
            try:
                wait(running)
            except KeyboardInterrupt:
                self._context.hurried.set()
                self._context.cancelled.set()
        pool.shutdown()

    def _go_on(self, pool: ThreadPoolExecutor, progress: _Progress) -> bool:
        """Start a scenario, or what follows where it showed a wrong credential; give whether anything was started."""
        variants = progress.left.pop() if progress.left else ()
        if progress.running and not any(map(_went_wrong, progress.evidences)):
            return False
        if not variants or self._context.cancelled.is_set():
            return False
        groups = [variants] if progress.scenario.in_turn else [(variant,) for variant in variants]
        progress.running += [pool.submit(self._run_in_turn, progress, group) for group in groups]
        return True

    def _end(self, progress: _Progress) -> ScenarioRun:
        scenario, evidences = progress.scenario, progress.evidences
        seconds = 0.0 if progress.started is None else time.monotonic() - progress.started
        requests = sum(len(evidence.exchanges) for evidence in evidences)
        self._on_event(Event(what=Happening.SCENARIO_ENDED, scenario=scenario.slug, seconds=seconds, requests=requests))
        return ScenarioRun(scenario=scenario, evidences=evidences, interrupted=self._context.cancelled.is_set())

    def _run_in_turn(self, progress: _Progress, variants: Sequence[Variant]) -> list[Evidence]:
        """Run variants one after the other, several of them by the same user."""
        evidences: list[Evidence] = []
        waits = progress.scenario.seconds >= 1 and not self._alone
        # One HOME for all of them: what a client stored in a run is there in the next (D46).
        with lodging(self._context.inherited) as home:
            for variant in variants:
                # A child keeps a processor busy until it calls, or else until it has ended.
                with ExitStack() as slot:
                    slot.enter_context(self._slots)
                    if self._context.cancelled.is_set():
                        break
                    began = time.monotonic()
                    progress.started = began if progress.started is None else progress.started
                    evidence = run_variant(
                        self._context,
                        progress.scenario,
                        variant,
                        home=home,
                        before=evidences[-1] if evidences else None,
                        # Once it has called, it is up and mostly waits, for the next second or for the fake.
                        on_contact=slot.close if waits else lambda: None,
                    )
                    evidences.append(evidence)
                    if evidence.child is not None and evidence.child.timed_out:
                        seconds, slug = time.monotonic() - began, progress.scenario.slug
                        self._on_event(Event(what=Happening.TIMED_OUT, scenario=slug, seconds=seconds))
        return evidences


def _went_wrong(evidence: Evidence) -> bool:
    """Whether the client sent a credential that differs from the injected one, or none at all."""
    injected = (evidence.facts.username, evidence.facts.password)
    sent = [(request.value("username"), request.value("password")) for request in evidence.password_grants]
    return not sent or any(pair != injected for pair in sent)
