"""BIQ309: nobody has to be there."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Flaw, Level, Severity, rule
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.example_messages import DISCOVERED, called, signed_in, story
from fake_idp.classify import Kind
from fake_idp.journal import Exchange

_AUTHORIZE = ("/connect/authorize", "/connect/deviceauthorization")


def _select(evidence: Evidence) -> Sequence[Evidence]:
    return (evidence,) if evidence.child is not None and evidence.facts.flow == "unattended" else ()


@rule(
    id="BIQ309",
    name="person-needed",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="The integration runs without a person: no prompt, no browser",
    why="Unattended integration means server to BlastIQ, with nobody there to answer. The kit runs the integration "
    "without standard input and waits; one that asks for a password, a code or a click never gets to work.",
    instead="Take everything from configuration and sign in by the password grant; fail with a message if something "
    "is missing.",
    references=("A4", "A11"),
    fixes={"OpenID Connect login libraries": "their token endpoint call (resource owner password) instead of login"},
    good=story(signed_in(), called()),
    bad=story(DISCOVERED, "exit: timeout"),
    select=_select,
)
def person_needed(evidence: Evidence) -> Iterator[Flaw]:
    """Find an authorization page that was opened, or a process that waits though every answer was good."""
    for exchange in evidence.of_kind(Kind.IDENTITY):
        if exchange.request.path.lower().endswith(_AUTHORIZE):
            yield Flaw(
                message="the integration opened a page on which a person is to sign in",
                expected="a sign-in by the password grant, with nobody there",
                received=f"{exchange.request.method} {exchange.request.path}",
                exchange=exchange.number,
            )
    child = evidence.child
    if child is not None and child.timed_out and _nothing_to_wait_for(evidence):
        yield Flaw(
            message="the integration waited for something until its time was over, though every answer was good",
            expected="an end, or the calls of the API that were asked for, without anybody's help",
            received=f"{len(evidence.token_requests)} token requests and {len(evidence.api_calls)} calls of the API",
        )


def _nothing_to_wait_for(evidence: Evidence) -> bool:
    # One that hangs on a bad answer breaks BIQ106, 409 or 804.
    return not evidence.worked and all(map(_good, evidence.judged))


def _good(exchange: Exchange) -> bool:
    response = exchange.response
    return response is not None and response.status == 200 and (exchange.kind is not Kind.TOKEN or bool(response.json))
