"""blastiq.toml as pytest items: blastiq.toml::TARGET::SCENARIO::BIQ211 for each rule that the scenario is for.

The other rules that find something in a scenario fail its item blastiq.toml::TARGET::SCENARIO::others.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from blastiq_conformance.catalogue import Outcome, Result, Rule, Severity
from blastiq_conformance.config import ConfigError, Declaration, find, read
from blastiq_conformance.config.toml_file import load
from blastiq_conformance.plugin.collected import CollectedRuns
from blastiq_conformance.plugin.door import BlastiqWarning, KitFault, text_of
from blastiq_conformance.plugin.once import Once
from blastiq_conformance.report import Report, Reproduction
from blastiq_conformance.report.verdict import is_open
from blastiq_conformance.report.waivers import Standing
from blastiq_conformance.runner.not_run import NotRun
from blastiq_conformance.scenarios import Scenario
from blastiq_conformance.trial import rules_of

# What this session has run, or why it could not.
_once = pytest.StashKey[Once]()
_OTHERS = "others"
# Raised on purpose, to tell pytest something.
_SAID = (pytest.fail.Exception, pytest.skip.Exception)


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
        told = load(file, dict)
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
        once = self.session.stash.setdefault(_once, Once(shared_folder(self.config)))
        again = Reproduction(way="run", whose=(*self._config_words(), "--target", self.name))
        runs = CollectedRuns(self.declared, self.path, once, again)
        for scenario in self.declared.chosen():
            node: ScenarioNode = ScenarioNode.from_parent(self, name=scenario.slug)
            node.scenario, node.runs, node.rules = scenario, runs, rules_of(self.declared)
            yield node

    def _config_words(self) -> tuple[str, ...]:
        folder = self.config.invocation_params.dir
        if find(folder) == self.path:
            return ()
        near = self.path.is_relative_to(folder)
        return ("--config", str(self.path.relative_to(folder) if near else self.path))


class ScenarioNode(pytest.Collector):
    """A scenario of a target: the rules that it is for, and all others."""

    scenario: Scenario
    runs: CollectedRuns
    rules: Iterable[Rule]

    def collect(self) -> Iterable[pytest.Item]:
        """Give an item for each rule that the scenario is for, and one for the rest."""
        for rule in self.rules:
            if rule.id in self.scenario.rules:
                item: RuleItem = RuleItem.from_parent(self, name=rule.id)
                item.rule, item.scenario, item.runs = rule, self.scenario, self.runs
                item.extra_keyword_matches.add(rule.name)
                yield item
        others: OthersItem = OthersItem.from_parent(self, name=_OTHERS)
        others.scenario, others.runs = self.scenario, self.runs
        yield others


class ScenarioRunItem(pytest.Item):
    """An item about a run of a scenario."""

    scenario: Scenario
    runs: CollectedRuns

    def told(self, **properties: str) -> None:
        """Put properties into the test report."""
        self.user_properties += [(f"blastiq_{name}", str(value)) for name, value in properties.items()]

    def report(self) -> Report:
        """Give the verdict; fail if nothing could be judged."""
        self.told(scenario=self.scenario.slug, target=self.runs.target)
        try:
            report, other_hosts = self.runs.report(self.scenario)
        except NotRun as error:
            pytest.fail(error.text, pytrace=False)
        for host in other_hosts:
            self.told(also_called=host)
        return report

    def blame(self, report: Report, failed: Sequence[Result], concerns: Callable[[Standing], bool]) -> None:
        """Fail on an error, or a stale or expired waiver that concerns this item; warn of a warning."""
        broken = [standing for standing in report.standings if standing.state.fails and concerns(standing)]
        errors = [result for result in failed if result.severity is Severity.ERROR]
        text = text_of(report, [result.rule for result in errors or failed]) if failed else ""
        if errors or broken:
            pytest.fail(text + "\n".join(standing.text for standing in broken), pytrace=False)
        if failed:
            try:
                self.warn(BlastiqWarning(text))
            except BlastiqWarning:
                # Warnings are errors.
                pytest.fail(text, pytrace=False)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Report where a fault of the kit happened, without its message and the kit's local values."""
        if isinstance(fault := excinfo.value, Exception) and not isinstance(fault, _SAID):
            return str(KitFault(fault))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the item stands."""
        return self.path, 0, self.nodeid.partition("::")[2]


class RuleItem(ScenarioRunItem):
    """A rule that the scenario is for."""

    rule: Rule

    def runtest(self) -> None:
        """Fail on an error, or if a binding rule stayed open; warn of a warning, skip what does not apply."""
        rule = self.rule
        self.told(rule=rule.id, level=rule.level, severity=rule.severity)
        report = self.report()
        result = next(result for result in report.results if result.rule == rule.id)
        self.user_properties = [(name, value) for name, value in self.user_properties if name != "blastiq_severity"]
        self.told(severity=result.severity or rule.severity, outcome=result.outcome)
        failed = [result] if result.outcome is Outcome.FAILED else []
        self.blame(report, failed, lambda standing: standing.waiver.covers(rule.id, self.scenario.slug))
        if result.outcome is Outcome.WAIVED:
            self.told(waiver=result.reason)
        elif is_open(result) and rule.level.binding:
            pytest.fail(f"{rule.id} {rule.name} is {result.outcome}: {result.reason}", pytrace=False)
        elif result.outcome not in {Outcome.PASSED, Outcome.FAILED}:
            # The location is that of the file, not of this line.
            raise pytest.skip.Exception(result.reason, _use_item_location=True)


class OthersItem(ScenarioRunItem):
    """All rules that the scenario is not for: they still judge it if their subject occurs (D37)."""

    def runtest(self) -> None:
        """Fail on an error of any of them, warn of a warning."""
        report = self.report()
        meant = self.scenario.rules
        failed = [
            result
            for result in report.results
            if result.outcome is Outcome.FAILED and result.severity is not Severity.INFO and result.rule not in meant
        ]
        self.blame(report, failed, lambda standing: standing.waiver.rule not in meant)


def shared_folder(config: pytest.Config) -> Path | None:
    """Give the folder that all workers share; None if there is one process, or each does everything."""
    # Set where tests are distributed; each worker has its own folder below the shared one.
    told, base = getattr(config, "workerinput", {}), config.getoption("basetemp")
    return Path(base).parent if told.get("blastiq_once") and base else None
