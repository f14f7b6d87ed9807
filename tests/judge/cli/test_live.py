"""What the command line says of the live page."""

import sys

import pytest

from blastiq_conformance.cli.live import greeting, page_text
from blastiq_conformance.evidence import Facts
from blastiq_conformance.scenarios import Need
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server


@pytest.mark.parametrize("terminal", [True, False])
def test_the_token_is_told_to_a_person_alone(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> None:
    """At a terminal the link holds it, behind the #; what else is printed may be a log that others read."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)
    with Server() as server:
        listener = server.serve(FakeIdp())
        lines = page_text(listener, "the-token")
    assert (f"  {listener.origin}/#the-token" in lines) is terminal
    assert ("the-token" in " ".join(lines)) is terminal
    assert listener.origin in " ".join(lines)


@pytest.mark.parametrize(
    ("flow", "has", "there", "missing"),
    [
        ("unattended", set(), "discovery-broken", {"tls-expired", "attended-denied", "endpoint-http"}),
        ("unattended", {Need.TLS}, "tls-expired", {"endpoint-http", "attended-denied"}),
        ("unattended", {Need.TLS, Need.INTERCEPT}, "endpoint-http", {"attended-denied"}),
        ("attended", {Need.TLS}, "attended-denied", {"sign-in", "tls-expired"}),
    ],
)
def test_the_page_offers_what_can_be_played(flow: str, has: set[Need], there: str, missing: set[str]) -> None:
    """Scenarios of the flow that need nothing which this fake does not have, each variant by its name."""
    with Server() as server:
        told = greeting(server.serve(FakeIdp()), Facts(flow=flow), frozenset(has))
    scenarios = told["scenarios"]
    assert isinstance(scenarios, list)
    names = [one["name"] for one in scenarios if isinstance(one, dict)]
    slugs = {str(name).partition("/")[0] for name in names}
    assert there in slugs
    assert not missing & slugs
