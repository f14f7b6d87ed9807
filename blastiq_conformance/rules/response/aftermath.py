"""What a client does after an answer without a token: calls of the API nevertheless, or nothing at all."""

from collections.abc import Callable, Sequence

from blastiq_conformance.catalogue import Problem, Problems, quote
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Evidence, Sequel, TokenRequest


def sequels_with(trait: Callable[[TokenRequest], bool]) -> Callable[[Evidence], Sequence[Sequel]]:
    """Make the selector of the token requests whose answer has a trait, each with what came of it."""
    return lambda evidence: [sequel for sequel in evidence.sequels if trait(sequel.request)]


def carried_on(sequel: Sequel, after: str) -> Problems:
    """Find calls of the API without a token from before, and a process that did not end after its last answer."""
    request, child = sequel.request, sequel.child
    for call in sequel.calls:
        if call.issued_token in {None, request.access_token}:
            yield Problem(
                message=f"the API was called after {after}",
                expected="no call of the API until there is a token",
                received=f"{quote(call.request.method, call.request.path)}, Authorization: {call.shown_authorization}",
                exchange=call.exchange.number,
                # An edited answer may have brought a token.
                missing=True,
            )
    if child is None or not child.timed_out or any(call.accepted for call in sequel.calls):
        return
    # Who asks again and again does not hang: after a refusal BIQ801 or BIQ508, in an outage BIQ802 or BIQ805.
    temporary = not request.exchange.came_whole or request.exchange.code >= 500
    tries = sequel.repeated and (request.status in {400, 401} or (temporary and child.may_be_pausing))
    if not tries:
        yield Problem(
            message=f"the integration did not end after {after}",
            expected="an end with an exit status other than 0",
            received="still running at the timeout",
            exchange=request.exchange.number,
            symptom=Symptom.HUNG,
        )
