"""BIQ605, BIQ606 and BIQ609: a token is used until it expires, and no longer, whatever the clocks say."""

from collections.abc import Sequence
from dataclasses import dataclass

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, ShownBy, Symptom, rule
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_2,
    RENEWED,
    TOKEN_1,
    TOKEN_2,
    TOKEN_3,
    called,
    died,
    granted,
    signed_in,
    story,
)
from blastiq_conformance.evidence import ApiCall, Evidence, Exchange, TokenRequest, where
from blastiq_conformance.evidence.challenge import forgotten
from blastiq_conformance.evidence.clients import MAY_BE_SEVERAL, Client, between, clients
from blastiq_conformance.evidence.selection import Selection
from blastiq_conformance.evidence.succession import Succession, is_certain, successions

# N12: clients renew up to five minutes early, so shorter lifetimes prove nothing; more than a year is BIQ405.
_SHORTEST, _LONGEST = 600, 31_536_000
# No source says how early is too early, and many clients renew at half of the lifetime.
_RENEWABLE = 0.5
# One more token than needed may be a second component that starts.
_ALLOWED = 1
_DOUBT = "nothing shows whether one worker threw its tokens away, or several workers each began with their own"

_TOKENS = (TOKEN_1, TOKEN_2, TOKEN_3, *(f"{TOKEN_1[:-1]}{last}" for last in "QUY"))


def _is_judged(evidence: Evidence) -> bool:
    # In clock-skew a needless token has its own cause: BIQ609.
    if evidence.facts.scenario == "clock-skew" or evidence.facts.other_users or not evidence.timed:
        return False
    return len(evidence.api_calls) > 1 and any(map(_lifetime, evidence.token_requests))


@rule(
    id="BIQ605",
    level=Level.SHOULD,
    title="One access token serves all calls until it expires",
    why="A token usually lives for an hour. A new sign-in for each call sends the password over the network far more "
    "often than needed, doubles the time of each call, and makes each fail when the identity server does not answer.",
    instead="Keep the token in memory with its expiry time, and ask for another only then or after a 401.",
    references=("RFC 6749 5.1",),
    fixes={
        "golang.org/x/oauth2": "oauth2.ReuseTokenSource, and one http.Client for all calls",
        "requests-oauthlib, authlib": "keep the session object; do not make one for each call",
    },
    good=story(signed_in(), called(), called(), called()),
    bad=story(*(message for token in _TOKENS for message in (signed_in(granted(token)), called(token)))),
    select=where(_is_judged),
    reads=Part.RESPONSE,
)
def token_not_reused(evidence: Evidence) -> Problems:
    """Count the tokens of each client that replaced a valid one: not near its expiry, and not refused."""
    for client in clients(evidence):
        forgot = tuple(forgotten(client))
        found = [each for each in successions(client) if _is_needless(each, forgot)]
        certain = [each for each in found if is_certain(client, each)]
        if _too_many(certain, client):
            yield _problem(found, client)
        elif _too_many(found, client):
            yield _problem(found, client, _DOUBT)


def _is_needless(succession: Succession, forgot: Sequence[ApiCall]) -> bool:
    """Whether the new token was needless; what follows a call without a token is BIQ601's."""
    old, new = succession.old, succession.new
    if old is None or not succession.needless or not _alive(old, new):
        return False
    return not between(forgot, old.exchange.number, new.exchange.number)


def _too_many(needless: Sequence[Succession], client: Client) -> bool:
    # The first sign-in was in vain where its token was never used and there is only one worker.
    in_vain = client.breadth == 1 and any(_is_in_vain(each, client) for each in needless)
    return in_vain or len(needless) > max(_ALLOWED, client.breadth - 1)


def _is_in_vain(succession: Succession, client: Client) -> bool:
    old = succession.old
    return old is not None and old.access_token not in client.last_uses and not succession.new.is_refresh


def _problem(needless: Sequence[Succession], client: Client, doubt: str = "") -> Problem:
    return Problem(
        message="a new access token was fetched while the one before was still valid",
        expected="one token for all calls until it expires or the API answers 401",
        received=f"{len(needless)} needless tokens for {len(client.calls)} calls of the API",
        exchange=needless[0].new.exchange.number,
        doubt=doubt,
    )


def _lifetime(request: TokenRequest) -> int:
    seconds = (request.lifetime or 0) if request.access_token else 0
    return seconds if _SHORTEST <= seconds <= _LONGEST else 0


def _alive(token: TokenRequest, then: TokenRequest) -> bool:
    return then.exchange.started - token.exchange.ended < _lifetime(token) * _RENEWABLE


_SCENARIO = "clock-skew"
_FACTS = f"facts: scenario = {_SCENARIO}, api_calls = 2"


def _is_skewed(evidence: Evidence) -> bool:
    # Every answer has a Date: who compares that with its own clock may stop before it asks for a token. Who asked and
    # got none was refused for another reason.
    in_vain = bool(evidence.token_requests) and not evidence.access_tokens
    return evidence.facts.scenario == _SCENARIO and bool(evidence.judged) and not in_vain


@rule(
    id="BIQ609",
    level=Level.SHOULD,
    title="The integration works when the server's clock differs by minutes",
    why="The answer gives a lifetime in seconds, so that the two clocks need not agree. A client that compares exp or "
    "nbf inside the token with its own clock takes a valid token for expired, or for not yet valid.",
    instead="Count expires_in from the moment the answer came; leave the times inside the token to the API.",
    references=("RFC 6749 5.1", "RFC 9068 6"),
    good=story(_FACTS, signed_in(), called(), called()),
    bad=story(_FACTS, signed_in(), called(TOKEN_1), signed_in(granted(TOKEN_2, REFRESH_2)), called(TOKEN_2)),
    select=where(_is_skewed),
    reads=Part.RESPONSE,
)
def clocks_compared(evidence: Evidence) -> Problems:
    """Find a sign-in without a call, and tokens that a client fetched between calls though none was refused."""
    tokens = evidence.access_tokens
    # Of a single token that came nobody can say that it replaced a valid one.
    found = [client for client in clients(evidence) if any(client.fetches) and len(client.issued) > 1]
    if not evidence.used_tokens:
        yield Problem(
            message="the API was not called while the server's clock differed",
            expected="a sign-in, and calls of the API with the token that came",
            received="no call of the API with it" if tokens else "no token, and no call of the API",
            exchange=max(tokens.values(), default=evidence.judged[-1].number),
            missing=True,
            symptom=Symptom.NO_CALL,
        )
    elif found:
        client = found[0]
        yield Problem(
            message="valid tokens were thrown away while the server's clock differed",
            expected="one token for all calls: expires_in says how long it lives",
            received=f"{len(client.issued)} tokens for {len(client.calls)} calls of the API",
            exchange=sorted(exchange.number for exchange in client.issued.values())[1],
            doubt=MAY_BE_SEVERAL if client.may_be_several else "",
            symptom=Symptom.NEEDLESS_TOKENS,
        )


# A longer lifetime never ends, and no clock can be set by it.
_FOREVER = 10**12
# Between the server's clock and the client's, and for the way of the answer.
_TOLERANCE = 5.0
_USED_ANEW = f"{RENEWED}\n### +1.5\n{called(TOKEN_2)}"


@dataclass(frozen=True, kw_only=True)
class _LateCall:
    """A call after some token had expired: `late` by this much for its own, `renewed` where a token came afterwards."""

    exchange: Exchange
    late: float
    renewed: bool


def _late_calls(evidence: Evidence) -> Sequence[_LateCall]:
    ends: dict[str, float] = {}
    newest = 0
    for request in evidence.token_requests:
        if request.access_token is None:
            continue
        newest = request.exchange.number
        if (seconds := request.lifetime or 0) > 0:
            ends[request.access_token] = request.exchange.ended + min(seconds, _FOREVER) + _TOLERANCE
    if not ends:
        return ()
    first, checked, suspects = min(ends.values()), 0, []
    for call in evidence.api_calls:
        exchange = call.exchange
        if exchange.started <= first:
            continue
        checked += 1
        late = exchange.started - ends.get(call.issued_token or "", exchange.started)
        if late > 0 or exchange.edited:
            suspects.append(_LateCall(exchange=exchange, late=late, renewed=newest > exchange.number))
    return Selection(suspects, checked=checked)


@rule(
    id="BIQ606",
    level=Level.SHOULD,
    title="An access token that has expired is renewed before the next call",
    why="The answer said how long the token lives. A call with an expired one is refused, and costs a round trip and "
    "one of the few calls that the limits allow. Renewing after the 401 works too, and is only slower.",
    instead="Note expires_in when the token comes, and renew shortly before it expires; still renew on 401.",
    references=("RFC 6749 7", "RFC 6749 5.1"),
    good=f"{signed_in()}\n### +3700\n{_USED_ANEW}",
    bad=f"{signed_in()}\n### +3700\n{died()}\n###\n{_USED_ANEW}",
    select=_late_calls,
    reads=Part.RESPONSE,
    shown_by=ShownBy.IN_PROCESS,
)
def expired_token_used(late: _LateCall) -> Problems:
    """Find calls with an expired token; an info where a renewal followed."""
    if late.late > 0:
        yield Problem(
            message="the API was called with a token that had expired",
            expected="a renewal before the call",
            received=f"a token that had expired {late.late + _TOLERANCE:.0f} s before",
            severity=Severity.INFO if late.renewed else None,
        )
