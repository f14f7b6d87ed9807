"""blastiq.toml as pytest items: blastiq.toml::TARGET::SCENARIO::BIQ211 for each rule that the scenario is for.

What else speaks in a scenario fails its item blastiq.toml::TARGET::SCENARIO::others.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blastiq_conformance.collected import OthersItem, RuleItem
from blastiq_conformance.config import Config, ConfigError, Declaration, find, read
from blastiq_conformance.config.file import load
from blastiq_conformance.report import Report, Reproduction, assemble
from blastiq_conformance.runner import NotRun, Play, run
from blastiq_conformance.runner.run import control_of
from blastiq_conformance.scenarios import Scenario
from blastiq_conformance.trial import judge_plays, rules_of, waivers_of

_Key = tuple[Path, str, str]
# Every scenario that was played in this session, or why it could not be.
_played = pytest.StashKey[dict[_Key, Report | NotRun]]()
# What each target did where nothing is odd, played once in this session.
_controls = pytest.StashKey[dict[tuple[Path, str], Play]]()
_also_called = pytest.StashKey[dict[_Key, list[str]]]()
_OTHERS = "others"


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
    """A scenario of a target: the rules that it is for, and all others."""

    scenario: Scenario
    target: TargetNode

    def collect(self) -> Iterable[pytest.Item]:
        """Give an item for each rule that the scenario is for, and one for the rest."""
        for rule in rules_of(self.target.declared):
            if rule.id in self.scenario.rules:
                item: RuleItem = RuleItem.from_parent(self, name=rule.id)
                item.rule, item.play = rule, self
                item.extra_keyword_matches.add(rule.name)
                yield item
        others: OthersItem = OthersItem.from_parent(self, name=_OTHERS)
        others.play = self
        yield others

    @property
    def target_name(self) -> str:
        """The target that is played."""
        return self.target.name

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

    def also_called(self, report: Report) -> list[str]:
        """The hosts that were called beside BlastIQ's in its report; every rule of the scenario tells them."""
        called = self.session.stash.setdefault(_also_called, {})
        key = (self.path, self.target.name, self.name)
        if key not in called:
            called[key] = [each["host"] for each in report.to_model()["other_hosts"]]
        return called[key]

    def _play(self) -> Report | NotRun:
        declared = self.target.declared
        controls = self.session.stash.setdefault(_controls, {})
        key, control = (self.path, self.target.name), control_of(declared.target)
        # All odd ones are compared with the same play, as long as the longest of them needs.
        chosen = [self.scenario] if self.scenario.benign else [control, self.scenario]
        try:
            plays = run(declared.target, chosen, control=controls.get(key))
        except NotRun as error:
            return error
        if any(play.interrupted for play in plays):
            raise KeyboardInterrupt
        controls.update((key, play) for play in plays if play.scenario.slug == control.slug)
        rules = rules_of(declared)
        judged = judge_plays(plays, rules, declared.profile)
        return assemble(
            [judgement for judgement in judged if judgement.scenario == self.name],
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
