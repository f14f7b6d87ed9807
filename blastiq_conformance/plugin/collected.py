"""The items of a blastiq.toml: a rule judged in a scenario, and the other rules that find something in it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from blastiq_conformance.catalogue import Outcome, Result, Rule, Severity
from blastiq_conformance.plugin.door import BlastiqWarning, KitFault, text_of
from blastiq_conformance.report import Report
from blastiq_conformance.report.verdict import is_open
from blastiq_conformance.report.waivers import Standing
from blastiq_conformance.runner import NotRun
from blastiq_conformance.scenarios import Scenario

# Raised on purpose, to tell pytest something.
_SAID = (pytest.fail.Exception, pytest.skip.Exception)


class CollectedRun(Protocol):
    """One scenario run, with the verdict on it."""

    scenario: Scenario

    @property
    def target_name(self) -> str:
        """The target that was run."""

    def report(self) -> Report:
        """Give the verdict; raises NotRun."""

    def also_called(self, report: Report) -> list[str]:
        """Give the hosts that were called beside BlastIQ's."""


class ScenarioRunItem(pytest.Item):
    """An item about a scenario run."""

    scenario_run: CollectedRun

    def told(self, **properties: str) -> None:
        """Put properties into the test report."""
        self.user_properties += [(f"blastiq_{name}", str(value)) for name, value in properties.items()]

    def report(self) -> Report:
        """Give the verdict; fail if nothing could be judged."""
        self.told(scenario=self.scenario_run.scenario.slug, target=self.scenario_run.target_name)
        try:
            report = self.scenario_run.report()
        except NotRun as error:
            pytest.fail(error.text, pytrace=False)
        for host in self.scenario_run.also_called(report):
            self.told(also_called=host)
        return report

    def broken_waivers(self, report: Report, concerns: Callable[[Standing], bool]) -> str:
        """Say which waivers are stale or expired, of those that concern this item."""
        broken = [standing for standing in report.standings if standing.state.fails and concerns(standing)]
        return "\n".join(standing.text for standing in broken)

    def warning(self, text: str) -> None:
        """Warn; if warnings are errors, fail."""
        try:
            self.warn(BlastiqWarning(text))
        except BlastiqWarning:
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
        slug = self.scenario_run.scenario.slug
        broken = self.broken_waivers(report, lambda standing: standing.waiver.covers(rule.id, slug))
        if result.outcome is Outcome.FAILED and (result.severity is Severity.ERROR or broken):
            pytest.fail(f"{text_of(report, [rule.id])}{broken}", pytrace=False)
        if broken:
            pytest.fail(broken, pytrace=False)
        if result.outcome is Outcome.FAILED:
            self.warning(text_of(report, [rule.id]))
        elif result.outcome is Outcome.WAIVED:
            self.told(waiver=result.reason)
        elif is_open(result) and rule.level.binding:
            pytest.fail(f"{rule.id} {rule.name} is {result.outcome}: {result.reason}", pytrace=False)
        elif result.outcome is not Outcome.PASSED:
            # The location is that of the file, not of this line.
            raise pytest.skip.Exception(result.reason, _use_item_location=True)


class OthersItem(ScenarioRunItem):
    """All rules that the scenario is not for: they still judge it if their subject occurs (D37)."""

    def runtest(self) -> None:
        """Fail on an error of any of them, warn of a warning."""
        report = self.report()
        failed = list(self._failed(report))
        errors = [result.rule for result in failed if result.severity is Severity.ERROR]
        meant = self.scenario_run.scenario.rules
        broken = self.broken_waivers(report, lambda standing: standing.waiver.rule not in meant)
        if errors or broken:
            pytest.fail(f"{text_of(report, errors) if errors else ''}{broken}", pytrace=False)
        if failed:
            self.warning(text_of(report, [result.rule for result in failed]))

    def _failed(self, report: Report) -> Iterator[Result]:
        for result in report.results:
            told = result.outcome is Outcome.FAILED and result.severity is not Severity.INFO
            if told and result.rule not in self.scenario_run.scenario.rules:
                yield result
