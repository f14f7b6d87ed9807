"""What a client does after an answer that brought no token: the calls that it makes all the same."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Problem, quote
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Sequel


def called_anyway(sequel: Sequel, after: str) -> Iterator[Problem]:
    """Find the calls of the API with no token that was ever issued; one that still has a good token may use it."""
    for call in sequel.calls:
        if call.issued_token is None:
            yield Problem(
                message=f"the API was called after {after}",
                expected="no call of the API until there is a token",
                received=f"{quote(call.request.method, call.request.path)}, Authorization: {call.shown_authorization}",
                exchange=call.exchange.number,
                # Of an answer that was edited nobody can say that it brought no token.
                missing=True,
            )


def hung(sequel: Sequel, after: str) -> Iterator[Problem]:
    """Find a process that never ended after its last answer."""
    if sequel.child is not None and sequel.child.timed_out and not any(call.accepted for call in sequel.calls):
        yield Problem(
            message=f"the integration did not end after {after}",
            expected="an end with an exit status other than 0",
            received="still running at the timeout",
            exchange=sequel.request.exchange.number,
            symptom=Symptom.HUNG,
        )
