"""A target under test: which scenarios are run, what became of each, and what is waived."""

from collections.abc import Iterable, Sequence
from datetime import date

from blastiq_conformance.catalogue import Profile, Rule
from blastiq_conformance.config.declaration import Declaration
from blastiq_conformance.editions import CURRENT, rules_in
from blastiq_conformance.report import Judgement
from blastiq_conformance.report.account import NOT_ASKED
from blastiq_conformance.report.waivers import Waivers
from blastiq_conformance.runner import ScenarioRun, Target
from blastiq_conformance.scenarios import Scenario, scenarios
from blastiq_conformance.trial.judging import judge_together

_SLOW = "slow: --slow runs it"


def judge_runs(
    runs: Iterable[ScenarioRun], rules: Sequence[Rule], profile: Profile, edition: str = CURRENT
) -> list[Judgement]:
    """Judge the scenario runs of one target together."""
    return judge_together(
        [evidence for scenario_run in runs for evidence in scenario_run.evidences], rules, profile, edition
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
    return tuple(
        rule for rule in rules_in(declared.edition).values() if not declared.rules or rule.id in declared.rules
    )


def waivers_of(declared: Declaration, today: date, *, slow: bool = False) -> Waivers:
    """Give what is waived for a target today; `slow`: its slow scenarios are run as well."""
    return Waivers(given=declared.waivers, today=today, due=declared.due(slow=slow))
