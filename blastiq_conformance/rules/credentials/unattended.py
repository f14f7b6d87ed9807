"""BIQ309: no person is needed."""

from blastiq_conformance.catalogue import Level, Outcome, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import DISCOVERED, called, signed_in, story
from blastiq_conformance.evidence import Evidence, where
from fake_idp.classify import Kind

_FACTS = "facts: benign = yes"
_AUTHORIZE = ("/connect/authorize", "/connect/deviceauthorization")


def _is_judged(evidence: Evidence) -> bool:
    # Under odd conditions a client that asks a person may have had no choice.
    return evidence.child is not None and evidence.facts.benign and evidence.facts.flow == "unattended"


@rule(
    id="BIQ309",
    level=Level.MUST,
    title="The integration runs without a person: no prompt, no browser",
    why="Unattended integration means server to BlastIQ, with nobody there to answer. The kit gives the integration an "
    "empty line as standard input; one that waits for a password, a code or a click never gets to work.",
    instead="Take everything from the configuration and sign in by the password grant; fail with a message if "
    "something is missing.",
    references=("A4", "A11"),
    fixes={"OpenID Connect login libraries": "their token endpoint call (resource owner password) instead of login"},
    good=story(_FACTS, signed_in(), called()),
    bad=story(_FACTS, DISCOVERED, "exit: asked"),
    select=where(_is_judged),
    absent=Outcome.UNTESTED,
)
def person_needed(evidence: Evidence) -> Problems:
    """Find an authorization page that was opened, or a process that failed once it had asked on standard input."""
    for exchange in evidence.of_kind(Kind.IDENTITY):
        if exchange.request.path.lower().endswith(_AUTHORIZE):
            yield Problem(
                message="the integration opened a page on which a person is to sign in",
                expected="a sign-in by the password grant, with nobody there",
                received=quote(exchange.request.method, exchange.request.path),
                exchange=exchange.number,
            )
    child = evidence.child
    # Many programs read what nobody wrote (ssh, docker -i): a request that was refused is the nearer cause.
    refused = any((status or 0) >= 400 for status in evidence.statuses)
    if child is not None and child.asked and not refused and (evidence.failed or not evidence.worked):
        yield Problem(
            message="the integration read from its standard input, and failed without an answer",
            expected="an end, or the calls of the API that were asked for, unattended",
            received=f"{len(evidence.token_requests)} token requests and {len(evidence.api_calls)} calls of the API; "
            "the empty line on its standard input is gone",
        )
