"""The scenario runs of a target that pytest collected: each is made once in a session, by whoever asks first."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from blastiq_conformance.config import Declaration
from blastiq_conformance.plugin.once import Once
from blastiq_conformance.report import Judgement, Report, Reproduction
from blastiq_conformance.runner.not_run import NotRun
from blastiq_conformance.runner.run import control_of, run
from blastiq_conformance.runner.scenario_run import ScenarioRun
from blastiq_conformance.scenarios import Scenario
from blastiq_conformance.trial import judge_runs, report_on

T = TypeVar("T")


class CollectedRuns:
    """Runs the scenarios of one target and judges them; `again` reproduces its findings."""

    def __init__(self, declared: Declaration, file: Path, once: Once, again: Reproduction) -> None:
        """Run nothing yet; `once` is what all items of the session share."""
        self.target = declared.target.name
        self._declared, self._again = declared, again
        self._control = control_of(declared.target)
        self._once, self._key = once, (str(file), self.target)
        self._reports: dict[str, tuple[Report, list[str]]] = {}

    def report(self, scenario: Scenario) -> tuple[Report, list[str]]:
        """Give the verdict on a scenario, and the hosts that were called beside BlastIQ's; raises NotRun."""
        if scenario.slug not in self._reports:
            judged = self._run_once(scenario.slug, lambda: self._judgements(scenario))
            command = self._declared.target.command
            report = report_on(self._declared, judged, command=command, again=self._again)
            self._reports[scenario.slug] = report, [each["host"] for each in report.to_model()["other_hosts"]]
        return self._reports[scenario.slug]

    def _run_once(self, name: str, work: Callable[[], T]) -> T:
        """Give the result of the work, whichever worker did it; raises NotRun where it did."""

        def tried() -> T | NotRun:
            try:
                return work()
            except NotRun as error:
                return error

        done = self._once.get((*self._key, name), tried)
        if isinstance(done, NotRun):
            raise done
        return done

    def _judgements(self, scenario: Scenario) -> list[Judgement]:
        control = None
        if not scenario.benign or scenario.slug == self._control.slug:
            # With it the other scenario runs are compared.
            seen = self._run_once("", lambda: self._runs_of(self._control, None)[0].evidences)
            control = ScenarioRun(scenario=self._control, evidences=seen)
        runs = [control] if control and scenario.slug == self._control.slug else self._runs_of(scenario, control)
        return [each for each in judge_runs(self._declared, runs) if each.scenario == scenario.slug]

    def _runs_of(self, scenario: Scenario, control: ScenarioRun | None) -> list[ScenarioRun]:
        runs = run(self._declared.target, [scenario], control=control)
        if any(scenario_run.interrupted for scenario_run in runs):
            raise KeyboardInterrupt
        return runs
