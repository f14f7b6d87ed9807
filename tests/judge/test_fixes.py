"""The fixes that rules tell of: followed to the letter, they help; which were never run is said."""

from pathlib import Path

import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.catalogue.page import as_text
from blastiq_conformance.catalogue.tried import TRIED
from blastiq_conformance.judge.explanations import EXPLANATIONS
from tests.clients.fixes import CHANCE, FIXES, Fix
from tests.rule_page import section


@pytest.mark.fixes
@pytest.mark.slow
@pytest.mark.parametrize("fix", FIXES, ids=lambda fix: fix.name)
def test_a_fix_helps_and_breaks_nothing(fix: Fix, workshop: Path, tmp_path: Path) -> None:
    """The program breaks the rule; mended, it does not, and breaks no other that it kept before."""
    told = {}
    for version, text in (("faulty", fix.faulty()), ("fixed", fix.fixed())):
        folder = tmp_path / version
        folder.mkdir()
        told[version] = fix.findings(text, workshop, folder)
    # A rule that another one explains (D26) is mended with it.
    explained = {effect for each in EXPLANATIONS if each.cause in told["faulty"] for effect in each.effects}
    assert fix.ids <= told["faulty"].keys() | explained, told["faulty"]
    assert not fix.ids & told["fixed"].keys(), told["fixed"]
    assert told["fixed"].keys() - CHANCE <= told["faulty"].keys(), told["fixed"]


def test_what_was_tried_is_what_is_run() -> None:
    """`python -m tests.clients.fixes` writes it anew."""
    pairs = {(rule, fix.library) for fix in FIXES for rule in fix.ids}
    assert {(rule, library) for rule, libraries in TRIED.items() for library in libraries} == pairs


@pytest.mark.parametrize("fix", FIXES, ids=lambda fix: fix.name)
def test_a_row_is_about_a_fix_that_there_is(fix: Fix) -> None:
    """By the name that the rule gives to the library; and its changes fit the program."""
    assert all(fix.library in catalogue()[rule].fixes for rule in fix.ids)
    assert fix.faulty() != fix.fixed()


def test_a_fix_that_was_not_run_says_so() -> None:
    """On the page of its rule, at the terminal and in the catalogue."""
    rule = catalogue()["BIQ206"]
    for page in ("\n".join(as_text(rule)), "\n".join(section(rule))):
        assert "IdentityModel 6 and later (not run): ClientCredentialStyle" in page
        assert "requests-oauthlib: fetch_token" in page
