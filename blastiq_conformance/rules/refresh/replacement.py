"""BIQ505, 506, 508 and 509: which refresh token is used, the one that came last, and where it is sent."""

import re
from collections import Counter
from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_1,
    REFRESH_2,
    REFRESH_3,
    REFUSED_RENEWAL,
    RENEWED,
    TOKEN_1,
    TOKEN_2,
    TOKEN_3,
    called,
    granted,
    refreshed,
    renewal,
    signed_in,
    story,
)
from blastiq_conformance.evidence import Evidence, Exchange, Kind, TokenRequest, where
from blastiq_conformance.evidence.lineage import Refresh, refresh_history
from fake_idp.secrets.patterns import SHORTEST_PREFIX

_NONE_CAME = refreshed(REFRESH_1, granted(TOKEN_2, ""))


@rule(
    id="BIQ505",
    level=Level.MUST,
    title="After a refresh the new refresh token is used, not the one before",
    why="A new refresh token replaces the old one (RFC 6749 section 6). By default IdentityServer accepts each only "
    "once: a client that keeps the first fails at the second renewal.",
    instead="Store the refresh token of every answer that brings one, in place of the old one, before anything else.",
    references=("RFC 6749 6", "A24"),
    fixes={
        "requests-oauthlib": "store what refresh_token() returns; token_updater is told of automatic renewals alone",
        "authlib": "update_token=, to store what came back",
    },
    good=story(signed_in(), RENEWED, refreshed(REFRESH_2, granted(TOKEN_3, REFRESH_3))),
    bad=story(signed_in(), called(), RENEWED, REFUSED_RENEWAL, "exit: 1"),
    select=refresh_history,
    reads=Part.BODY | Part.RESPONSE,
)
def replaced_refresh_token_used(refresh: Refresh) -> Problems:
    """Find a refresh token whose successor had already arrived; tokens of several users do not mix."""
    if refresh.replaced is not None:
        yield Problem(
            message=f"the refresh token was replaced by the answer of exchange {refresh.replaced.exchange.number}",
            expected="the refresh token of that answer",
            received=f"the refresh token before it: {refresh.request.first('refresh_token')}",
            parameter="refresh_token",
        )


@rule(
    id="BIQ506",
    level=Level.MUST,
    title="Where a refresh brings no new refresh token, the old one is kept",
    why="A refresh need not bring a new refresh token (RFC 6749 section 6): the old one then stays valid. A client "
    "that stores the missing value has nothing left to send at the next renewal.",
    instead="Replace the stored refresh token only when the answer carries one; or sign in again.",
    references=("RFC 6749 6", "A24"),
    fixes={"JavaScript": "stored.refreshToken = answer.refresh_token ?? stored.refreshToken"},
    good=story(signed_in(), _NONE_CAME, refreshed(REFRESH_1, granted(TOKEN_3, ""))),
    bad=story(signed_in(), _NONE_CAME, renewal("grant_type=refresh_token&refresh_token=&client_id=external.customer")),
    select=refresh_history,
    reads=Part.BODY | Part.RESPONSE,
)
def refresh_token_lost(refresh: Refresh) -> Problems:
    """Find a refresh without a refresh token after one that brought no new one."""
    previous = refresh.previous
    if previous is not None and previous.is_refresh and refresh.presents_nothing and refresh.none_returned:
        yield Problem(
            message=f"the refresh token was lost: the answer of exchange {previous.exchange.number} brought no new one",
            expected=f"the one that was used before: {previous.first('refresh_token')}",
            received=refresh.request.received("refresh_token"),
            parameter="refresh_token",
            missing=True,
        )


# One repetition is a slip, two are a loop; the same bound as for passwords: D9.
_LOOP = 2


def _refused(request: TokenRequest) -> bool:
    return request.status in {400, 401} and request.error is not None


@rule(
    id="BIQ508",
    level=Level.SHOULD_NOT,
    title="A refused refresh token is given up: one new sign-in, no loop",
    why="invalid_grant on a refresh means that this refresh token is no longer valid (RFC 6749 section 5.2), and the "
    "same request gets the same answer. A new sign-in brings a new one; a loop brings load, and looks like an attack.",
    instead="On an error, forget the refresh token and sign in once by the password grant; if that fails too, report "
    "and stop.",
    references=("RFC 6749 5.2",),
    good=story(signed_in(), REFUSED_RENEWAL, signed_in(granted(TOKEN_2)), called(TOKEN_2)),
    bad=story(signed_in(), REFUSED_RENEWAL, REFUSED_RENEWAL, signed_in(granted(TOKEN_2)), called(TOKEN_2)),
    select=where(lambda evidence: any(map(_refused, evidence.refreshes))),
    reads=Part.BODY | Part.RESPONSE,
)
def refused_refresh_repeated(evidence: Evidence) -> Problems:
    """Find each refresh token that was sent again after its refusal; a client that stops there is BIQ501."""
    refusals: dict[str, TokenRequest] = {}
    repeats: Counter[str] = Counter()
    for request in evidence.refreshes:
        # Where none was sent, that is BIQ502's, or BIQ506's.
        if not (refresh_token := request.value("refresh_token")):
            continue
        refusal = refusals.get(refresh_token)
        if refusal is not None and refusal.exchange.ended <= request.exchange.started:
            repeats[refresh_token] += 1
        elif _refused(request):
            refusals.setdefault(refresh_token, request)
    for refresh_token, times in repeats.items():
        number = refusals[refresh_token].exchange.number
        yield Problem(
            message="a refused refresh token was sent again",
            expected="one new sign-in by the password grant after the refusal",
            received=f"refresh_token={quote(refresh_token)}, refused in exchange {number}; "
            f"requests with it since then: {times}",
            parameter="refresh_token",
            exchange=number,
            severity=Severity.ERROR if times >= _LOOP else None,
        )


# Words of some length that may be a refresh token.
_WORD = re.compile(rf"[A-Za-z0-9._~-]{{{SHORTEST_PREFIX},}}")
# RFC 7009 and RFC 7662 take a refresh token in their body.
_TAKES_TOKENS = ("/connect/revocation", "/connect/introspect")


@rule(
    id="BIQ509",
    level=Level.MUST_NOT,
    title="A refresh token is sent to the token endpoint only",
    why="A refresh token is often worth weeks of access, and only the server that issued it may see it (RFC 6749 "
    "section 10.4). The API takes the access token; a refresh token sent there only lands in its logs.",
    instead="Send the access token to the API, and the refresh token to the token endpoint alone.",
    references=("RFC 6749 10.4",),
    bad=story(
        signed_in(), f"GET /api\nAuthorization: Bearer {TOKEN_1}\nX-Refresh-Token: {REFRESH_1}\nHTTP/1.1 200 OK\n\n"
    ),
    select=where(lambda evidence: evidence.refresh_tokens),
    reads=Part.BODY | Part.HEADERS,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def refresh_token_misdirected(evidence: Evidence) -> Problems:
    """Find an issued refresh token in the target, a header or the body of any other request."""
    for exchange in evidence.telling:
        if exchange.kind is Kind.TOKEN:
            continue
        for place, text in _places(exchange, evidence):
            if any(word in evidence.refresh_tokens for word in _WORD.findall(text)):
                yield Problem(
                    message=f"a request for the {exchange.kind} carries a refresh token",
                    expected="refresh tokens in requests to the token endpoint only",
                    received=f"{quote(exchange.request.method, exchange.request.path)}: a refresh token in the {place}",
                    parameter="refresh_token",
                    exchange=exchange.number,
                )


def _places(exchange: Exchange, evidence: Evidence) -> Iterator[tuple[str, str]]:
    request = exchange.request
    yield "URL", request.target
    for name, value in request.headers:
        # The access token where it belongs is by far the longest text of most requests, and not a refresh token.
        if not (value.startswith("Bearer ") and value[7:] in evidence.access_tokens):
            yield f"header {quote(name)}", value
    if request.body and not request.path.lower().endswith(_TAKES_TOKENS):
        yield "body", request.body.decode("latin-1")
