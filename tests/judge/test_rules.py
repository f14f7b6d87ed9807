"""Every rule against its own two examples, and the catalogue as a whole; a new rule needs no line here."""

import re

import pytest

from blastiq_conformance.catalogue import Outcome, Part, Rule, ShownBy, catalogue
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.judge.explanations import explained
from tests.judge.example import read_example

RULES = tuple(catalogue().values())
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}-{rule.name}")


def failed(text: str) -> set[str]:
    (results,) = explained([judge(read_example(text), RULES)])
    return {result.rule for result in results if result.outcome is Outcome.FAILED}


@each_rule
def test_the_good_example_passes(rule: Rule) -> None:
    """The good example passes its rule by evidence, and breaks no other rule."""
    (result,) = judge(read_example(rule.good), [rule])
    assert (result.outcome, result.checked > 0) == (Outcome.PASSED, True)
    assert failed(rule.good) == set()


@each_rule
def test_the_bad_example_fails_this_rule_alone(rule: Rule) -> None:
    """The bad example fails its rule and the companions that it names, and nothing else."""
    assert failed(rule.bad) == {rule.id} | rule.companions


@each_rule
def test_a_finding_is_complete(rule: Rule) -> None:
    """Each finding says what was received, what was expected and what to do."""
    (result,) = judge(read_example(rule.bad), [rule])
    for finding in result.findings:
        assert all((finding.message, finding.expected, finding.received, finding.fix))


@each_rule
def test_the_page_of_a_rule_is_whole(rule: Rule) -> None:
    """Identity, sources and prose are there and well-formed, for they are interface and documentation."""
    assert re.fullmatch(r"BIQ\d{3}", rule.id)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert not re.match(r"(no|disallow|must)-", rule.name)
    assert rule.references
    assert all(len(text) > 20 for text in (rule.title, rule.why, rule.instead))


def test_names_are_unique() -> None:
    """No two rules share a name."""
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("rule", "reads", "shown_by"),
    [
        ("BIQ101", Part.NOTHING, ShownBy.SCENARIO),
        ("BIQ201", Part.NOTHING, ShownBy.ANY_SIGN_IN),
        ("BIQ211", Part.BODY, ShownBy.ANY_SIGN_IN),
        ("BIQ302", Part.BODY, ShownBy.SCENARIO),
        ("BIQ404", Part.HEADERS | Part.RESPONSE, ShownBy.SCENARIO),
        ("BIQ512", Part.BODY, ShownBy.ANY_SIGN_IN),
        ("BIQ701", Part.NOTHING, ShownBy.ANY_SIGN_IN),
        ("BIQ702", Part.NOTHING, ShownBy.SCENARIO),
    ],
)
def test_a_rule_reads_what_its_family_does_unless_it_says_otherwise(rule: str, reads: Part, shown_by: ShownBy) -> None:
    """The same holds for what shows it: its subject, or its family."""
    said = catalogue()[rule]
    assert (said.reads, said.shown_by) == (reads, shown_by)
