"""The scenario runs of one integration judged together: compared with the control, failures under their cause.

D36, D26.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from blastiq_conformance.catalogue import Outcome, Profile, Result, Rule, Severity, catalogue
from blastiq_conformance.editions import CURRENT, rules_in
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.token_request import TokenRequest
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.judge.explanations import CAUSES, explained
from blastiq_conformance.report import Judgement
from blastiq_conformance.scenarios import scenarios
from blastiq_conformance.scenarios.oddity import oddity
from fake_idp.classify import Kind

# What a scenario run is compared with, the best first; without any of these, any other in which nothing is odd.
_CONTROLS = ("control", "attended-control", "sign-in", "attended-sign-in")
_NOT_MEANT = "the scenario is not for this rule, and nothing was seen that it could judge"


def judge_together(
    runs: Iterable[Evidence], rules: Iterable[Rule], profile: Profile, edition: str = CURRENT
) -> list[Judgement]:
    """Judge the scenario runs of one integration by these rules, in the order given."""
    runs, asked = tuple(runs), frozenset(rule.id for rule in rules)
    control = find_control(runs)
    judged = []
    for each in runs:
        slug = each.facts.scenario
        done, kind = oddity(scenarios().get(slug), each.facts.variant)
        # The results of others point to the control, so it is judged by every rule.
        results = tuple(judge_run(each, control, None if each is control else asked, profile, edition))
        judged.append(Judgement(scenario=slug, evidence=each, results=results, oddity=done, odd_in=kind))
    return list(_concluded(judged, control, asked))


def compare(judged: Sequence[Judgement], profile: Profile, edition: str = CURRENT) -> list[Judgement]:
    """Judge recordings again that were judged file by file, where there is now a control to compare them with."""
    control = find_control([judgement.evidence for judgement in judged])
    compared = []
    for judgement in judged:
        if control is not None and any(result.alone for result in judgement.results):
            results = tuple(judge_run(judgement.evidence, control, None, profile, edition))
            compared.append(replace(judgement, results=results))
        else:
            compared.append(judgement)
    return list(_concluded(compared, control, frozenset(catalogue())))


def judge_run(
    scenario_run: Evidence,
    control: Evidence | None,
    asked: frozenset[str] | None,
    profile: Profile,
    edition: str = CURRENT,
) -> Iterator[Result]:
    """Judge one scenario run by the rules in `asked` and those that explain them; by all where `asked` is None."""
    scenario = scenarios().get(scenario_run.facts.scenario)
    wanted = [rule for rule in rules_in(edition).values() if asked is None or rule.id in asked | CAUSES]
    for result in judge(replace(scenario_run, control=control), rules_for(scenario_run, wanted), profile):
        # A scenario must show what it is for, and nothing else (D37).
        if scenario and result.outcome is Outcome.UNTESTED and result.rule not in scenario.rules:
            yield replace(result, outcome=Outcome.INAPPLICABLE, reason=_NOT_MEANT)
        else:
            yield result


def rules_for(scenario_run: Evidence, rules: Iterable[Rule]) -> list[Rule]:
    """Give the rules that judge a scenario run: all but those that its scenario excludes."""
    scenario = scenarios().get(scenario_run.facts.scenario)
    return [rule for rule in rules if scenario is None or rule.id not in scenario.without]


def find_control(runs: Sequence[Evidence]) -> Evidence | None:
    """Find what the others are compared with: the same client where nothing is odd; None where there is none."""
    benign = [scenario_run for scenario_run in runs if scenario_run.facts.benign or _is_ordinary(scenario_run)]
    named = {scenario_run.facts.scenario: scenario_run for scenario_run in reversed(benign)}
    return next((named[slug] for slug in _CONTROLS if slug in named), benign[0] if benign else None)


def _is_ordinary(scenario_run: Evidence) -> bool:
    """Whether a recording's answers are all as usual, and its token was used."""
    if scenario_run.facts.scenario or scenario_run.child is not None or not scenario_run.used_tokens:
        return False
    answers = [x.response for x in scenario_run.of_kind(Kind.DISCOVERY, Kind.TOKEN, Kind.API)]
    good = all(answer is not None and 200 <= answer.status < 300 for answer in answers)
    return good and all(map(_is_plain, scenario_run.token_requests))


def _is_plain(request: TokenRequest) -> bool:
    lifetime, kind = request.answer.get("expires_in"), request.answer.get("token_type")
    return isinstance(lifetime, int) and lifetime > 0 and kind == "Bearer"


def _concluded(judged: Sequence[Judgement], control: Evidence | None, asked: frozenset[str]) -> Iterator[Judgement]:
    known = explained([judgement.results for judgement in judged])
    own = next((results for each, results in zip(judged, known, strict=True) if each.evidence is control), ())
    failures = tuple(r.rule for r in own if r.outcome is Outcome.FAILED and r.severity is not Severity.INFO)
    for judgement, results in zip(judged, known, strict=True):
        told = tuple(_attribute(result, failures) for result in results if result.rule in asked)
        yield replace(judgement, results=told)


def _attribute(result: Result, failures: tuple[str, ...]) -> Result:
    """Name the rules that fail in the control: they are why this one cannot tell."""
    causes = tuple(rule for rule in failures if rule != result.rule)
    if not result.alike or not causes:
        return result
    return replace(result, explained=causes, reason=f"{result.reason} ({', '.join(causes)})")
