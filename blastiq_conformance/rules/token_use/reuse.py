"""BIQ605: a token is used until it ends, not fetched for each call."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Flaw, Level, Outcome, Part, Severity, rule
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.example_messages import HANDLE_2, TOKEN_1, TOKEN_2, TOKEN_3, called, granted, signed_in, story
from blastiq_conformance.token_request import TokenRequest

# N12: clients renew up to five minutes early, so shorter lives prove nothing; longer than a year is BIQ405.
_SHORTEST, _LONGEST = 600, 31_536_000
_EARLY = 300
# One more token than needed may be a second component that starts.
_ALLOWED = 1


def _select(evidence: Evidence) -> Sequence[Evidence]:
    # In clock-skew a needless token has its own cause: BIQ609.
    if evidence.facts.scenario == "clock-skew" or evidence.facts.other_users or not evidence.timed:
        return ()
    return (evidence,) if len(evidence.api_calls) > 1 and any(map(_lifetime, evidence.token_requests)) else ()


@rule(
    id="BIQ605",
    name="token-not-reused",
    level=Level.SHOULD,
    severity=Severity.WARNING,
    title="One access token serves all calls until it expires",
    why="A token usually lives for an hour. A new sign-in for each call sends the password over the network many times "
    "as often as needed, doubles the time of each call, and runs into the limits of the identity server.",
    instead="Keep the token in memory with the time at which it ends, and ask for another only then or after a 401.",
    references=("S rate limits", "RFC 6749 5.1"),
    fixes={
        "golang.org/x/oauth2": "oauth2.ReuseTokenSource, and one http.Client for all calls",
        "requests-oauthlib, authlib": "keep the session object; do not make one for each call",
    },
    good=story(signed_in(), called(), called(), called()),
    bad=story(
        signed_in(),
        called(TOKEN_1),
        signed_in(granted(TOKEN_2, HANDLE_2)),
        called(TOKEN_2),
        signed_in(granted(TOKEN_3)),
        called(TOKEN_3),
    ),
    select=_select,
    absent=Outcome.INAPPLICABLE,
    reads=Part.RESPONSE,
)
def token_not_reused(evidence: Evidence) -> Iterator[Flaw]:
    """Count the tokens that were fetched while the one before was good: not near its end, and not refused."""
    # What a token is fetched for after a 403 is BIQ608's.
    refused = [call.exchange.number for call in evidence.api_calls if call.status in {401, 403}]
    needless: list[TokenRequest] = []
    # Each user needs a token of its own; a refresh is its user's by the handle that it presents.
    latest: dict[str, TokenRequest] = {}
    owners: dict[str, str] = {}
    for request in evidence.token_requests:
        if request.access_token is None:
            continue
        handle, new = request.value("refresh_token") or "", request.answer.get("refresh_token")
        user = owners.get(handle, "") if request.is_refresh else request.value("username") or ""
        if isinstance(new, str):
            owners[new] = user
        before = latest.get(user)
        if before is not None and _alive(before, request) and not _between(refused, before, request):
            needless.append(request)
        latest[user] = request
    if len(needless) > _ALLOWED:
        yield Flaw(
            message="a new access token was fetched while the one before was still good",
            expected="one token for all calls until it expires or the API answers 401",
            received=f"{len(needless)} needless tokens for {len(evidence.api_calls)} calls of the API",
            exchange=needless[0].exchange.number,
        )


def _lifetime(request: TokenRequest) -> int:
    seconds = request.answer.get("expires_in") if request.access_token else None
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        return 0
    return seconds if _SHORTEST <= seconds <= _LONGEST else 0


def _alive(token: TokenRequest, then: TokenRequest) -> bool:
    return then.exchange.started - token.exchange.ended < _lifetime(token) - _EARLY


def _between(numbers: Sequence[int], first: TokenRequest, last: TokenRequest) -> bool:
    """Tell whether one of the numbers, which stand in order, lies between two requests."""
    after = bisect_right(numbers, first.exchange.number)
    return after < len(numbers) and numbers[after] < last.exchange.number
