"""A target under test: which scenarios are run, what became of each, and what is waived."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from blastiq_conformance.catalogue import Rule
from blastiq_conformance.config.declaration import Declaration
from blastiq_conformance.editions import rules_in
from blastiq_conformance.report import Judgement, Report
from blastiq_conformance.report.account import NOT_ASKED
from blastiq_conformance.report.waivers import Waivers
from blastiq_conformance.runner.target import Target
from blastiq_conformance.scenarios import Scenario, scenarios
from blastiq_conformance.trial.judging import judge_together

if TYPE_CHECKING:
    from blastiq_conformance.runner.scenario_run import ScenarioRun

_SLOW = "slow: --slow runs it"


def judge_runs(declared: Declaration, runs: "Iterable[ScenarioRun]") -> list[Judgement]:
    """Judge the scenario runs of one target together."""
    seen = [evidence for scenario_run in runs for evidence in scenario_run.evidences]
    return judge_together(seen, rules_of(declared), declared.profile, declared.edition)


def report_on(declared: Declaration, judged: Iterable[Judgement], *, slow: bool = False, **more: Any) -> Report:
    """Report on a target with what is waived today; `slow`: its slow scenarios are run as well.

    `more` is what a `Report` takes besides.
    """
    return Report(
        tuple(judged),
        target=declared.target.name,
        version=declared.target.version,
        profile=declared.profile,
        edition=declared.edition,
        rules={rule.id: rule for rule in rules_of(declared)},
        waivers=Waivers(given=declared.waivers, today=datetime.now(UTC).date(), due=declared.due(slow=slow)),
        **more,
    )


def left_out(target: Target, run: Iterable[Scenario], *, all_of_them: bool) -> dict[str, str]:
    """Say why each of the other scenarios was not run: it needs more, it is slow, or it was not asked for."""
    slugs = {scenario.slug for scenario in run}
    missing = [scenario for slug, scenario in scenarios().items() if slug not in slugs]
    if not all_of_them:
        return {scenario.slug: NOT_ASKED for scenario in missing}
    return {each.slug: target.lack(each.needs) or (_SLOW if each.slow else NOT_ASKED) for each in missing}


def rules_of(declared: Declaration) -> tuple[Rule, ...]:
    """Give the rules by which a target is judged."""
    known = rules_in(declared.edition).values()
    return tuple(rule for rule in known if not declared.rules or rule.id in declared.rules)
