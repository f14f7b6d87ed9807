"""Redirects beside each other: one that leads nowhere is none, and hides no other."""

from blastiq_conformance.catalogue.example_messages import story
from tests.judge.rules.test_transport import WWW, redirected, replayed, sign_in
from tests.judge.rules.verdicts import verdict


def test_a_redirect_to_no_address_hides_no_other() -> None:
    """Nobody can follow the first; the second was followed with the credentials."""
    nowhere = f"{sign_in(WWW, '307 Temporary Redirect')}Location: https://[\n\n"
    followed = redirected("https://b.example/x", replayed("https://b.example/x"))
    assert verdict("BIQ007", story(nowhere, followed)) == "warning"
