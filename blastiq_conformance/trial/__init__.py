"""A target on trial: which scenarios are played of it, what became of each, and what is waived."""

from collections.abc import Iterable, Sequence
from datetime import date

from blastiq_conformance.catalogue import Profile, Rule, catalogue
from blastiq_conformance.config.declaration import Declaration
from blastiq_conformance.report import Judgement
from blastiq_conformance.report.waivers import Waivers
from blastiq_conformance.runner import ScenarioRun
from blastiq_conformance.trial.judging import judge_together


def judge_runs(runs: Iterable[ScenarioRun], rules: Sequence[Rule], profile: Profile) -> list[Judgement]:
    """Judge the plays of one target together."""
    return judge_together([evidence for scenario_run in runs for evidence in scenario_run.evidences], rules, profile)


def rules_of(declared: Declaration) -> tuple[Rule, ...]:
    """Give the rules by which a target is judged."""
    return tuple(rule for rule in catalogue().values() if not declared.rules or rule.id in declared.rules)


def waivers_of(declared: Declaration, today: date, *, slow: bool = False) -> Waivers:
    """Give what is waived for a target today; `slow`: its slow scenarios are played as well."""
    return Waivers(given=declared.waivers, today=today, due=declared.due(slow=slow))
