"""blastiq.toml as pytest items, one per target, scenario and rule: blastiq.toml::TARGET::SCENARIO::BIQ211."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from blastiq_conformance.catalogue import Outcome, Result, Rule, Severity
from blastiq_conformance.config import Config, ConfigError, Declaration, find, read
from blastiq_conformance.config.file import load
from blastiq_conformance.door import BlastiqWarning, KitFault
from blastiq_conformance.report import Report, Reproduction, assemble
from blastiq_conformance.runner import NotRun, run
from blastiq_conformance.scenarios import Scenario
from blastiq_conformance.trial import judge_plays, rules_of, waivers_of

_Key = tuple[Path, str, str]
# Every scenario that was played in this session, or why it could not be.
_played = pytest.StashKey[dict[_Key, Report | NotRun]]()
# What pytest is told by those who meant it.
_SAID = (pytest.fail.Exception, pytest.skip.Exception)
_UNDECIDED = frozenset({Outcome.UNTESTED, Outcome.CANT_TELL})


def collect(file: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a blastiq.toml where it is named, or asks for it itself."""
    named = _is_named(file, parent.config)
    # Whatever else is wrong with a file that nobody named is no business of this run.
    if not named and not _asks(file):
        return None
    made: pytest.Collector = ConfigFile.from_parent(parent, path=file)
    made.add_marker("blastiq")
    return made


def _is_named(file: Path, config: pytest.Config) -> bool:
    # pytest puts testpaths there where no argument was given.
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
                target.config_file, target.declared = config, declared
                yield target


class TargetNode(pytest.Collector):
    """A target: the scenarios that are played of it."""

    config_file: Config
    declared: Declaration

    def collect(self) -> Iterable[pytest.Collector]:
        """Give the scenarios; slow ones where they are named."""
        for scenario in self.declared.plays():
            node: ScenarioNode = ScenarioNode.from_parent(self, name=scenario.slug)
            node.scenario, node.target = scenario, self
            yield node


class ScenarioNode(pytest.Collector):
    """A scenario of a target: the rules that it judges."""

    scenario: Scenario
    target: TargetNode

    def collect(self) -> Iterable[pytest.Item]:
        """Give the rules."""
        for rule in rules_of(self.target.declared):
            if rule.id in self.scenario.judges:
                item: RuleItem = RuleItem.from_parent(self, name=rule.id)
                item.rule, item.node = rule, self
                item.extra_keyword_matches.add(rule.name)
                yield item

    def must_show(self, rule: Rule) -> bool:
        """Whether the rule has to be seen here: a right client may well stop before it wherever it is led astray.

        The first scenario of a target shows all that is on the wire of a plain sign-in; any other what it is for.
        """
        return rule.id in self.scenario.rules or self.scenario is self.target.declared.plays()[0]

    def report(self) -> Report:
        """Play and judge the scenario, once in a session; raises NotRun."""
        played = self.session.stash.setdefault(_played, {})
        key = (self.path, self.target.name, self.name)
        if key not in played:
            played[key] = self._play()
        found = played[key]
        if isinstance(found, NotRun):
            raise found
        return found

    def _play(self) -> Report | NotRun:
        declared = self.target.declared
        try:
            plays = run(declared.target, [self.scenario])
        except NotRun as error:
            return error
        if any(play.interrupted for play in plays):
            raise KeyboardInterrupt
        rules = rules_of(declared)
        return assemble(
            judge_plays(plays, rules, declared.profile),
            target=declared.target.name,
            profile=declared.profile,
            rules={rule.id: rule for rule in rules},
            command=declared.target.command,
            waivers=waivers_of(declared, datetime.now(UTC).date()),
            again=Reproduction(way="run", whose=(*self._config_words(), "--target", declared.target.name)),
        )

    def _config_words(self) -> tuple[str, ...]:
        folder = self.config.invocation_params.dir
        if find(folder) == self.path:
            return ()
        near = self.path.is_relative_to(folder)
        return ("--config", str(self.path.relative_to(folder) if near else self.path))


class RuleItem(pytest.Item):
    """A rule, judged in a scenario of a target."""

    rule: Rule
    node: ScenarioNode

    def runtest(self) -> None:
        """Fail on an error and on what stayed open of a binding rule, warn of a warning, skip what does not apply."""
        rule, scenario = self.rule, self.node.name
        told = {"rule": rule.id, "level": rule.level, "scenario": scenario, "target": self.node.target.name}
        self.user_properties += [(f"blastiq_{name}", str(value)) for name, value in told.items()]
        try:
            report = self.node.report()
        except NotRun as error:
            self._tell("severity", rule.severity)
            pytest.fail(error.text, pytrace=False)
        result = next(result for result in report.results if result.rule == rule.id)
        self._tell("severity", result.severity or rule.severity)
        self._tell("outcome", result.outcome)
        self._judge(report, result)

    def _judge(self, report: Report, result: Result) -> None:
        broken = "\n".join(self._broken_waivers(report))
        if result.outcome is Outcome.FAILED and (result.severity is Severity.ERROR or broken):
            pytest.fail(f"{_text(report, result)}{broken}", pytrace=False)
        if broken:
            pytest.fail(broken, pytrace=False)
        if result.outcome is Outcome.FAILED:
            self._warn(_text(report, result))
        elif result.outcome is Outcome.WAIVED:
            self._tell("waiver", result.reason)
        elif result.outcome in _UNDECIDED and self.rule.level.binding and self.node.must_show(self.rule):
            pytest.fail(f"{self.rule.id} {self.rule.name} is {result.outcome}: {result.reason}", pytrace=False)
        elif result.outcome is not Outcome.PASSED:
            # The place is that of the file, not of this line.
            raise pytest.skip.Exception(result.reason, _use_item_location=True)

    def _broken_waivers(self, report: Report) -> Iterator[str]:
        for standing in report.standings:
            if standing.state.fails and standing.waiver.covers(self.rule.id, self.node.name):
                yield standing.text

    def _warn(self, text: str) -> None:
        try:
            self.warn(BlastiqWarning(text))
        except BlastiqWarning:  # warnings are errors in this run
            pytest.fail(text, pytrace=False)

    def _tell(self, name: str, value: str) -> None:
        self.user_properties.append((f"blastiq_{name}", str(value)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell of a fault of the kit where it happened: neither its message nor what the kit held beside it."""
        if isinstance(fault := excinfo.value, Exception) and not isinstance(fault, _SAID):
            return str(KitFault(fault))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the item stands."""
        return self.path, 0, self.nodeid.partition("::")[2]


def _text(report: Report, result: Result) -> str:
    from blastiq_conformance.writers.terminal import findings_text

    return findings_text(report.to_model(), [result.rule])
