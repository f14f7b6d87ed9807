"""BIQ608: a 403 is not a reason to fetch another token."""

from collections.abc import Iterator
from itertools import pairwise

from blastiq_conformance.catalogue import Level, Problem, Severity, rule
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFRESH_2,
    TOKEN_2,
    TOKEN_3,
    called,
    granted,
    refreshed,
    signed_in,
    story,
)
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.evidence.clients import Client, clients
from fake_idp.classify import Kind

_FORBIDDEN = "403 Forbidden"


@rule(
    id="BIQ608",
    level=Level.SHOULD_NOT,
    severity=Severity.WARNING,
    title="After a 403 no new token is fetched",
    why="403 says that the token is valid and its owner may not do this: the Service User sees only a single site. A "
    "new token of the same user may not do it either, so renewing only repeats the refusal.",
    instead="Report that the Service User has no access to this, and stop; renew on 401 alone.",
    references=("RFC 6750 3.1", "A9"),
    good=story(signed_in(), called(status=_FORBIDDEN), "exit: 1"),
    bad=story(
        signed_in(),
        called(status=_FORBIDDEN),
        refreshed(REFRESH_1, granted(TOKEN_2, REFRESH_2)),
        called(TOKEN_2, _FORBIDDEN),
        refreshed(REFRESH_2, granted(TOKEN_3, "")),
        called(TOKEN_3, _FORBIDDEN),
        "exit: 1",
    ),
    select=where(lambda evidence: 403 in evidence.statuses and any(x.status == 403 for x in evidence.api_calls)),
)
def forbidden_renewed(evidence: Evidence) -> Iterator[Problem]:
    """Count the tokens that a client fetched right after a 403: one is a misunderstanding, the second a loop."""
    renewals = [number for client in clients(evidence) for number in _renewals(client)]
    if many := len(renewals):
        yield Problem(
            message="a new token was fetched because the API answered 403",
            expected="an error: the token is valid, but its owner may not do this",
            received=f"{many} token requests, each right after a 403"
            if many > 1
            else "a token request right after a 403",
            exchange=renewals[0],
            severity=None if many > 1 else Severity.INFO,
        )


def _renewals(client: Client) -> Iterator[int]:
    calls = [call.exchange for call in client.calls]
    requests = [request.exchange for request in client.token_requests]
    for before, after in pairwise(sorted(calls + requests, key=lambda exchange: exchange.number)):
        if (before.kind, before.status, after.kind) == (Kind.API, 403, Kind.TOKEN):
            yield after.number
