"""Judgements to report on, made of the rules' own examples."""

from collections.abc import Iterable
from dataclasses import replace

from blastiq_conformance.catalogue import Profile, Rule, catalogue
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.report import Judgement, Report, Reproduction
from tests.judge.example import read_example

GOOD = catalogue()["BIQ211"].good
AUDIENCE = catalogue()["BIQ211"].bad
SCOPE = catalogue()["BIQ212"].bad
SECRET = catalogue()["BIQ209"].bad
COMMAND = ("node", "app.js")
AGAIN = Reproduction(way="run", whose=("--", *COMMAND))


def rules(*ids: str) -> dict[str, Rule]:
    """Give these rules, all where none is named."""
    return {rule: catalogue()[rule] for rule in ids or catalogue()}


def judged(
    text: str, scenario: str = "sign-in", *, ids: Iterable[str] = (), profile: Profile = Profile.ARTICLE
) -> Judgement:
    """Judge an example as a play of a scenario."""
    evidence = read_example(text)
    evidence = replace(evidence, facts=replace(evidence.facts, scenario=scenario))
    results = judge(evidence, rules(*ids).values(), profile)
    return Judgement(scenario=scenario, evidence=evidence, results=tuple(results))


def report(*texts: str, ids: Iterable[str] = ("BIQ211", "BIQ212"), profile: Profile = Profile.ARTICLE) -> Report:
    """Report on examples, each a scenario of its own, by few rules."""
    runs = [judged(text, f"s{index}", ids=ids, profile=profile) for index, text in enumerate(texts)]
    return Report(runs, rules=rules(*ids), profile=profile, command=COMMAND, again=AGAIN)
