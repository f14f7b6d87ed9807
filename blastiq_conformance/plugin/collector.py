"""blastiq.toml as pytest items: blastiq.toml::TARGET::SCENARIO::BIQ211 for each rule that the scenario is for.

The other rules that find something in a scenario fail its item blastiq.toml::TARGET::SCENARIO::others.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from blastiq_conformance.config import ConfigError, Declaration, find, read
from blastiq_conformance.config.toml_file import load
from blastiq_conformance.plugin.collected import OthersItem, RuleItem
from blastiq_conformance.plugin.once import Once
from blastiq_conformance.report import Judgement, Report, Reproduction
from blastiq_conformance.runner import NotRun, ScenarioRun, run
from blastiq_conformance.runner.run import control_of
from blastiq_conformance.scenarios import Scenario
from blastiq_conformance.trial import judge_runs, report_on, rules_of

T = TypeVar("T")

# What this session has run, or why it could not.
_once = pytest.StashKey[Once]()
_reports = pytest.StashKey[dict[tuple[str, ...], Report]]()
_also_called = pytest.StashKey[dict[tuple[str, ...], list[str]]]()
_OTHERS = "others"


def collect(file: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a blastiq.toml if it is named, or asks for it itself."""
    named = _is_named(file, parent.config)
    # An error in a file that was not named does not concern this session.
    if not named and not _asks(file):
        return None
    made: pytest.Collector = ConfigFile.from_parent(parent, path=file)
    made.add_marker("blastiq")
    return made


def _is_named(file: Path, config: pytest.Config) -> bool:
    # Without arguments, pytest puts testpaths there.
    folder = config.invocation_params.dir
    return any((folder / argument.partition("::")[0]).resolve() == file.resolve() for argument in config.args)


def _asks(file: Path) -> bool:
    try:
        told = load(file)
    except ConfigError:
        return False
    targets = told.get("target")
    asked = (
        (target.get("pytest") for target in targets if isinstance(target, dict)) if isinstance(targets, list) else ()
    )
    return told.get("pytest") is True or any(wish is True for wish in asked)


class ConfigFile(pytest.File):
    """A configuration: its targets."""

    def collect(self) -> Iterable[pytest.Collector]:
        """Give the targets; one that says `pytest = false` is left out."""
        try:
            config = read(self.path)
        except ConfigError as error:
            raise self.CollectError(str(error)) from None
        named = _is_named(self.path, self.config)
        for declared in config.targets:
            if declared.pytest is not False and (named or declared.pytest or config.pytest):
                target: TargetNode = TargetNode.from_parent(self, name=declared.target.name)
                target.declared = declared
                yield target


class TargetNode(pytest.Collector):
    """A target: its scenarios."""

    declared: Declaration

    def collect(self) -> Iterable[pytest.Collector]:
        """Give the scenarios; slow ones only if they are named."""
        for scenario in self.declared.chosen():
            node: ScenarioNode = ScenarioNode.from_parent(self, name=scenario.slug)
            node.scenario, node.target = scenario, self
            yield node


class ScenarioNode(pytest.Collector):
    """A scenario of a target: the rules that it is for, and all others."""

    scenario: Scenario
    target: TargetNode

    def collect(self) -> Iterable[pytest.Item]:
        """Give an item for each rule that the scenario is for, and one for the rest."""
        for rule in rules_of(self.target.declared):
            if rule.id in self.scenario.rules:
                item: RuleItem = RuleItem.from_parent(self, name=rule.id)
                item.rule, item.scenario_run = rule, self
                item.extra_keyword_matches.add(rule.name)
                yield item
        others: OthersItem = OthersItem.from_parent(self, name=_OTHERS)
        others.scenario_run = self
        yield others

    @property
    def target_name(self) -> str:
        """The target that is run."""
        return self.target.name

    def report(self) -> Report:
        """Run and judge the scenario, once in a session; raises NotRun."""
        reports = self.session.stash.setdefault(_reports, {})
        if self._key not in reports:
            judged = self._run_once(self.name, self._judgements)
            if isinstance(judged, NotRun):
                raise judged
            reports[self._key] = self._assemble(judged)
        return reports[self._key]

    def also_called(self, report: Report) -> list[str]:
        """Give the other hosts in its report; every rule of the scenario names them."""
        called = self.session.stash.setdefault(_also_called, {})
        if self._key not in called:
            called[self._key] = [each["host"] for each in report.to_model()["other_hosts"]]
        return called[self._key]

    @property
    def _key(self) -> tuple[str, ...]:
        return (str(self.path), self.target.name, self.name)

    def _run_once(self, name: str, work: Callable[[], T]) -> T | NotRun:
        """Give the result of the work, or why it failed, whichever worker did it."""

        def tried() -> T | NotRun:
            try:
                return work()
            except NotRun as error:
                return error

        once = self.session.stash.setdefault(_once, Once(shared_folder(self.config)))
        return once.get((str(self.path), self.target.name, name), tried)

    def _judgements(self) -> list[Judgement]:
        declared = self.target.declared
        control = None if self.scenario.benign and self.name != self._control.slug else self._run_control()
        runs = [control] if control and control.scenario.slug == self.name else self._runs_of(self.scenario, control)
        judged = judge_runs(declared, runs)
        return [judgement for judgement in judged if judgement.scenario == self.name]

    @property
    def _control(self) -> Scenario:
        return control_of(self.target.declared.target)

    def _run_control(self) -> ScenarioRun:
        """Give the control, with which the other scenario runs are compared; raises NotRun."""
        seen = self._run_once("", lambda: self._runs_of(self._control, None)[0].evidences)
        if isinstance(seen, NotRun):
            raise seen
        return ScenarioRun(scenario=self._control, evidences=seen)

    def _runs_of(self, scenario: Scenario, control: ScenarioRun | None) -> list[ScenarioRun]:
        runs = run(self.target.declared.target, [scenario], control=control)
        if any(scenario_run.interrupted for scenario_run in runs):
            raise KeyboardInterrupt
        return runs

    def _assemble(self, judged: Sequence[Judgement]) -> Report:
        declared = self.target.declared
        again = Reproduction(way="run", whose=(*self._config_words(), "--target", declared.target.name))
        return report_on(declared, judged, command=declared.target.command, again=again)

    def _config_words(self) -> tuple[str, ...]:
        folder = self.config.invocation_params.dir
        if find(folder) == self.path:
            return ()
        near = self.path.is_relative_to(folder)
        return ("--config", str(self.path.relative_to(folder) if near else self.path))


def shared_folder(config: pytest.Config) -> Path | None:
    """Give the folder that all workers share; None if there is one process, or each does everything."""
    # Set where tests are distributed; each worker has its own folder below the shared one.
    told, base = getattr(config, "workerinput", {}), config.getoption("basetemp")
    return Path(base).parent if told.get("blastiq_once") and base else None
