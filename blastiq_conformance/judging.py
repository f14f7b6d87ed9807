"""Plays of one integration judged together: each compared with the control, each failure under its cause (D36, D26)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from blastiq_conformance.catalogue import Outcome, Profile, Result, Rule, Severity, catalogue
from blastiq_conformance.engine import judge
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.explanations import CAUSES, explained
from blastiq_conformance.report import Judgement
from blastiq_conformance.scenarios import scenarios

# What a play is compared with, the best first; where none of them was played, any other in which nothing is odd.
_CONTROLS = ("control", "attended-control", "sign-in", "attended-sign-in")
_NOT_MEANT = "the scenario is not for this rule, and nothing was seen that it could judge"


def judge_together(evidences: Iterable[Evidence], rules: Iterable[Rule], profile: Profile) -> list[Judgement]:
    """Judge the plays of one integration by these rules, in the order given."""
    plays, asked = tuple(evidences), {rule.id for rule in rules}
    control = find_control(plays)
    known = explained([tuple(_judge(play, control, asked, profile)) for play in plays])
    failures = next((_failures(results) for play, results in zip(plays, known, strict=True) if play is control), ())
    return [
        Judgement(
            scenario=play.facts.scenario,
            evidence=play,
            results=tuple(_attribute(result, failures) for result in results if result.rule in asked),
        )
        for play, results in zip(plays, known, strict=True)
    ]


def find_control(plays: Sequence[Evidence]) -> Evidence | None:
    """Find what the others are compared with: the same client where nothing is odd; None where that was not played."""
    benign = [play for play in plays if play.facts.benign]
    named = {play.facts.scenario: play for play in reversed(benign)}
    return next((named[slug] for slug in _CONTROLS if slug in named), benign[0] if benign else None)


def _judge(play: Evidence, control: Evidence | None, asked: set[str], profile: Profile) -> Iterator[Result]:
    """Judge one play by what was asked, and by what explains it; the control by everything, for others point to it."""
    scenario = scenarios().get(play.facts.scenario)
    without = scenario.without if scenario else {}
    wanted = (catalogue().keys() if play is control else asked | CAUSES) - without.keys()
    rules = [rule for rule in catalogue().values() if rule.id in wanted]
    for result in judge(replace(play, control=control), rules, profile):
        # A scenario must show what it is for, and nothing else (D37).
        if scenario and result.outcome is Outcome.UNTESTED and result.rule not in scenario.rules:
            yield replace(result, outcome=Outcome.INAPPLICABLE, reason=_NOT_MEANT)
        else:
            yield result


def _failures(results: Iterable[Result]) -> tuple[str, ...]:
    return tuple(r.rule for r in results if r.outcome is Outcome.FAILED and r.severity is not Severity.INFO)


def _attribute(result: Result, failures: tuple[str, ...]) -> Result:
    """Say which rules tell what is wrong where nothing is odd, since that is why this one cannot tell."""
    causes = tuple(rule for rule in failures if rule != result.rule)
    if not result.alike or not causes:
        return result
    return replace(result, explained=causes, reason=f"{result.reason} ({', '.join(causes)})")
