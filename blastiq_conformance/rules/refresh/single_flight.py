"""BIQ510: one renewal for one expired token, however many callers wait for it."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import RENEWED, TOKEN_2, called, died, signed_in, story
from blastiq_conformance.evidence import ApiCall, Evidence, TokenRequest, where
from blastiq_conformance.evidence.clients import Client, between, clients

_FACTS = "facts: concurrency = 2, api_calls = 2"


def _deaths(calls: Iterable[ApiCall]) -> list[int]:
    """Give the number of the first 401 for each token, in order."""
    first: dict[str, int] = {}
    for call in calls:
        if call.status == 401 and call.issued_token is not None:
            first.setdefault(call.issued_token, call.exchange.number)
    return list(first.values())


def _is_parallel(evidence: Evidence) -> bool:
    parallel = evidence.facts.concurrency > 1 or any(map(_refused_together, clients(evidence)))
    return parallel and bool(_deaths(evidence.api_calls))


def _refused_together(client: Client) -> bool:
    """Whether undeclared callers show themselves: a token was refused twice before another one was requested."""
    numbers = [request.exchange.number for request in client.token_requests]
    refused = [call for call in client.calls if call.status == 401 and call.issued_token is not None]
    return any(
        earlier.issued_token == later.issued_token
        and bisect_right(numbers, earlier.exchange.number) == bisect_right(numbers, later.exchange.number)
        for earlier, later in pairwise(refused)
    )


@rule(
    id="BIQ510",
    level=Level.SHOULD_NOT,
    title="Parallel callers share one renewal",
    why="When the token of ten callers expires, one new token serves all of them. If each renews for itself, ten token "
    "requests arrive at once, and where a refresh token works only once, all but the first are refused.",
    instead="Guard the renewal with a lock, and inside it check again whether another caller has already renewed.",
    references=("S", "RFC 6749 6"),
    fixes={
        "JavaScript": "keep the promise of the running renewal and let every caller await it; do not renew where the "
        "token that was refused is no longer the current one"
    },
    good=story(_FACTS, signed_in(), called(), died(), died(), RENEWED, called(TOKEN_2), called(TOKEN_2)),
    bad=story(_FACTS, signed_in(), called(), died(), died(), RENEWED, signed_in(), called(TOKEN_2), called()),
    select=where(_is_parallel),
    reads=Part.RESPONSE,
)
def renewal_stampede(evidence: Evidence) -> Problems:
    """Find more renewals than expired tokens of a client, and one refresh token in two requests at once."""
    for client in clients(evidence):
        yield from _stampedes(client)


def _stampedes(client: Client) -> Problems:
    deaths, dead = _deaths(client.calls), 0
    for death, following in pairwise([*deaths, float("inf")]):
        dead += 1
        due = between(client.token_requests, death, following)
        renewals = sum(request.access_token is not None for request in due)
        twins = _at_once(due)
        if renewals > dead or twins:
            yield Problem(
                message="one dead token was renewed more than once",
                expected="one renewal, shared by all callers",
                received=f"{renewals} new tokens from {len(due)} token requests"
                + (f", {twins} of them with a refresh token that was already under way" if twins else ""),
                exchange=due[1].exchange.number,
            )
        # Several workers with a token of their own each renew it.
        dead = max(dead - renewals, 0)


def _at_once(requests: Sequence[TokenRequest]) -> int:
    busy: dict[str, float] = {}
    twins = 0
    for request in requests:
        refresh_token = request.value("refresh_token")
        if refresh_token and request.is_refresh:
            twins += request.exchange.started < busy.get(refresh_token, float("-inf"))
            busy[refresh_token] = max(request.exchange.ended, busy.get(refresh_token, float("-inf")))
    return twins
