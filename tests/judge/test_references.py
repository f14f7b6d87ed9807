"""The article's sentences and the sections of standards: each is covered, each that is cited is known."""

import re

import pytest

from blastiq_conformance.catalogue import Rule, catalogue
from blastiq_conformance.catalogue.article import SENTENCES
from blastiq_conformance.catalogue.references import SECTIONS, coverage, describe

RULES = catalogue()


def test_the_whole_article_is_there() -> None:
    """The sentences A1 to A38 stand in order, without a gap."""
    assert [sentence.key for sentence in SENTENCES] == [f"A{number}" for number in range(1, 39)]


@pytest.mark.parametrize("row", coverage(RULES), ids=lambda row: row.key)
def test_each_sentence_has_a_rule_or_a_reason(row: tuple[str, str, tuple[str, ...], str]) -> None:
    """A sentence is judged by a rule of the catalogue, or says why nothing judges it."""
    _, gist, rules, reason = row
    assert gist
    assert rules or len(reason) > 20


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_each_reference_resolves(rule: Rule) -> None:
    """A rule cites only what is described here, so that a reader can look it up."""
    assert all(describe(reference) for reference in rule.references)


def test_a_rule_is_listed_once_whether_it_is_meant_or_cites() -> None:
    """Coverage joins the rules meant for a sentence with those that cite it, sorted, each once."""
    rows = {row.key: row for row in coverage(RULES)}
    assert rows["A33"].rules[0] == "BIQ211"
    assert all(list(row.rules) == sorted(set(row.rules)) for row in rows.values())


def test_what_the_article_allows_no_rule_forbids_in_its_name() -> None:
    """A token may be decoded: BIQ406 and BIQ609 rest on the standards alone (D43)."""
    rows = {row.key: row for row in coverage(RULES)}
    assert rows["A37"].rules == ()
    assert {"RFC 6749 1.4", "RFC 9068 6"} == set(RULES["BIQ406"].references)


def test_coverage_names_no_rule_that_does_not_exist() -> None:
    """Rules that are planned for a sentence but not built are not claimed."""
    assert {rule for row in coverage(RULES) for rule in row.rules} <= RULES.keys()
    assert all(row.rules == () for row in coverage({}))


@pytest.mark.parametrize(
    ("reference", "part"),
    [("A33", "article: audience"), ("RFC 6749 4.3.2", "password grant"), ("S rate limits", "sister article")],
)
def test_a_reference_is_put_into_words(reference: str, part: str) -> None:
    """Each kind of reference has a gist in our words."""
    assert part in describe(reference)


def test_an_unknown_reference_is_refused() -> None:
    """A section that nobody described cannot be cited by accident."""
    with pytest.raises(KeyError):
        describe("RFC 9999 1")


def test_a_section_is_described_for_the_rules_that_cite_it() -> None:
    """A gist that no rule cites would be read by nobody."""
    assert SECTIONS.keys() <= {reference for rule in RULES.values() for reference in rule.references}


def test_sections_are_written_alike() -> None:
    """Keys follow one form, so that writers can link them."""
    form = re.compile(r"OIDC Discovery \d(\.\d)?|RFC \d{4} (\d+(\.\d+)*|appendix [A-Z])|S( [A-Za-z ]+)?|D\d+")
    assert [key for key in SECTIONS if not form.fullmatch(key)] == []
