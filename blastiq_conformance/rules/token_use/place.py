"""BIQ601 to BIQ603 and BIQ610: the access token travels in the Authorization header of API calls, and nowhere else."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Problems, ShownBy, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import ApiCall, Evidence, Kind, api_calls, calls_where
from blastiq_conformance.evidence.api_call import TokenPlace
from blastiq_conformance.evidence.challenge import forgotten
from blastiq_conformance.evidence.clients import clients
from blastiq_conformance.evidence.quotation import quote, quote_authorization
from blastiq_conformance.evidence.selection import Selection
from blastiq_conformance.evidence.sent import Sent, sent

_carrying = calls_where(lambda call: call.authorization is not None or call.tokens)


def _due(evidence: Evidence) -> Sequence[ApiCall]:
    carrying = _carrying(evidence)
    if carrying.checked or not evidence.access_tokens:
        bare = [call for client in clients(evidence) for call in forgotten(client)]
        calls = sorted([*carrying, *bare], key=lambda call: call.exchange.number)
        return Selection(calls, checked=carrying.checked + len(bare))
    # There was a token, and no call of the API carried one: each call lacks it.
    first = min(evidence.access_tokens.values())
    return [call for call in evidence.api_calls if call.exchange.number > first]


@rule(
    id="BIQ601",
    level=Level.MUST,
    title="The access token is sent in the Authorization header, with the scheme Bearer",
    why="Every server that accepts bearer tokens accepts them there. A cookie, a custom header or another scheme works "
    "with no known product, and hides the token from the proxies and logs that would mask it.",
    instead="Send `Authorization: Bearer <access_token>` with each call of the API.",
    references=("RFC 6750 2.1", "A23"),
    fixes={
        "requests, httpx": 'headers={"Authorization": f"Bearer {token}"}, and no auth= beside it, which '
        "replaces the header (as does an entry in ~/.netrc, for requests)",
        "Django REST samples": "write Bearer where they write Token",
        "curl": "--oauth2-bearer, or -H 'Authorization: Bearer …'",
        # Seen on the wire with JDK 17.
        "Java": "no authenticator() at the HttpClient of java.net.http that calls the API: with one, even if it is "
        "meant for a proxy alone, the Authorization header that a request sets is not sent",
    },
    bad=story(signed_in(), f"GET /api\nX-Token: {TOKEN_1}\nHTTP/1.1 401 Unauthorized\n\n", "exit: 1"),
    select=_due,
    absent=Outcome.UNTESTED,
    reads=Part.HEADERS,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def token_outside_authorization_header(call: ApiCall) -> Problems:
    """Find tokens under another scheme, or elsewhere instead of in the header; the query is BIQ602's."""
    header = call.authorization or ""
    scheme, _, rest = header.strip().partition(" ")
    shown = f"Authorization: {call.shown_authorization}"
    if header.strip() in call.issued or (scheme.lower() != "bearer" and rest.strip(" \"'") in call.issued):
        yield _problem(call, shown, "the access token is sent without the scheme Bearer")
        return
    # A scheme that only begins like Bearer is BIQ604's.
    if scheme.lower().startswith("bearer"):
        return
    if any(leak.whole for leak in call.canaries.token_search.find(header)):
        yield _problem(call, shown, "the access token is sent under another scheme than Bearer")
        return
    for place in _beside(call):
        yield _problem(call, place, "the access token is sent at another place")
    if not call.tokens:
        yield _problem(call, shown, "the API is called without the access token")
    elif _replaced(call, scheme):
        yield _problem(call, shown, "the API is called with other credentials than the access token")


# Schemes that clients know besides Bearer. Other words may be what is left of an edited header.
_OTHER_SCHEMES = frozenset({"basic", "digest", "negotiate", "ntlm", "token"})


def _replaced(call: ApiCall, scheme: str) -> bool:
    """Tell whether another scheme stands where the token should, and the token is nowhere else: not BIQ602, BIQ603."""
    elsewhere = any(each.place is not TokenPlace.AUTHORIZATION for each in call.tokens)
    return scheme.lower() in _OTHER_SCHEMES and call.issued_token is None and not elsewhere


def _beside(call: ApiCall) -> Iterator[str]:
    for each in call.tokens:
        # A Referer repeats a URL and sends no token: BIQ704.
        if each.place not in {TokenPlace.AUTHORIZATION, TokenPlace.QUERY} and each.name.lower() != "referer":
            yield f"{each.place} {quote(each.name)}: {quote(each.token)}"


def _problem(call: ApiCall, received: str, message: str) -> Problem:
    return Problem(
        message=message,
        expected="Authorization: Bearer <access_token>",
        received=received,
        parameter="Authorization",
        missing=not call.tokens,
    )


@rule(
    id="BIQ602",
    level=Level.MUST_NOT,
    title="No access token in the URL of an API call",
    why="URLs are written to access logs, browser histories and proxies, and are sent on as Referer. Whoever reads one "
    "of those can use the token until it expires. Current best practice forbids the query parameter.",
    instead="Send the token in the Authorization header only.",
    references=("RFC 9700 4.3.2", "RFC 6750 2.3"),
    fixes={"requests-oauthlib": "leave default_token_placement at auth_header"},
    bad=story(signed_in(), f"GET /api?access_token={TOKEN_1}\nHTTP/1.1 401 Unauthorized\n\n", "exit: 1"),
    # The same token is a secret in a URL.
    companions=("BIQ704",),
    select=api_calls,
)
def token_in_query(call: ApiCall) -> Problems:
    """Find issued tokens in the query, and parameters called access_token."""
    for each in call.tokens if "?" in call.request.target else ():
        if each.place is TokenPlace.QUERY and each.token:
            yield Problem(
                message="the access token stands in the URL",
                expected="no token in the query: the Authorization header carries it",
                received=f"query parameter {quote(each.name)}={quote(each.token)}",
                parameter=quote(each.name),
            )


@rule(
    id="BIQ603",
    level=Level.MUST_NOT,
    title="The access token is sent in one place only",
    why="A request that carries a token twice is invalid by the bearer token standard, and servers answer it with 400. "
    "The second copy, in a cookie, a custom header or the body, is also one that no log masks.",
    instead="Keep the Authorization header, and send the token nowhere else.",
    references=("RFC 6750 2", "D35"),
    bad=story(
        signed_in(),
        f"GET /api\nAuthorization: Bearer {TOKEN_1}\nCookie: access_token={TOKEN_1}\nHTTP/1.1 200 OK\n\n",
    ),
    select=calls_where(lambda call: call.authorization is not None),
    absent=Outcome.UNTESTED,
    reads=Part.HEADERS | Part.BODY,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def token_sent_twice(call: ApiCall) -> Problems:
    """Find a copy of the token beside the header; one in the query is BIQ602's, for removing it fixes both."""
    first, *others = (f"Authorization: {quote_authorization(x)}" for x in call.request.headers.get_all("authorization"))
    if second := [*others, *_beside(call)]:
        yield Problem(
            message="the access token is sent in more than one place",
            expected="the Authorization header alone, once",
            received=f"{first}, and {'; '.join(second)}",
            parameter="Authorization",
        )


# The identity server's other endpoints take the token by design, and discovery has a rule of its own: BIQ108.
_ELSEWHERE = (Kind.TOKEN, Kind.JWKS, Kind.OTHER)


def _anywhere(evidence: Evidence) -> Sequence[Sent]:
    if not evidence.access_tokens:
        return ()
    found = sent(evidence, *_ELSEWHERE, Kind.API)
    # Whoever serves the API or issues its tokens has them anyway, whatever the path (RFC 6749 10.3).
    known = {x.request.origin for x in evidence.of_kind(Kind.API, Kind.TOKEN) if x.request.host}
    strange = (x for x in found if x.exchange.kind is not Kind.OTHER or x.request.origin not in known)
    return Selection(strange, checked=found.checked)


@rule(
    id="BIQ610",
    level=Level.MUST,
    title="The access token is sent to the API only",
    why="A bearer token opens the customer's data to whoever holds it. Default headers of a shared HTTP client carry "
    "it to every host that the program calls: maps, telemetry, an update server.",
    instead="Give the API a client of its own, and set the Authorization header there only.",
    references=("RFC 6750 5.3", "RFC 6749 10.3"),
    fixes={
        "requests": "a Session for the API alone; do not set session.headers on one that calls others too",
        "axios": "headers of each call, or an interceptor that looks at the address; not the defaults of an instance",
        "Angular": "an interceptor that looks at the address",
    },
    bad=story(
        signed_in(),
        called(),
        f"POST /v1/telemetry\nHost: collector.example\nAuthorization: Bearer {TOKEN_1}\nHTTP/1.1 204 No Content\n\n",
    ),
    select=_anywhere,
    reads=Part.HEADERS | Part.BODY,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def token_sent_elsewhere(request: Sent) -> Problems:
    """Find access tokens in requests that are not for the API."""
    if request.exchange.kind is Kind.API:
        return
    for place, leak in request.leaks(request.canaries.token_search):
        yield Problem(
            message="the access token is sent to another address than the API",
            expected="the token in calls of the API alone",
            received=f"{quote(request.request.method, request.request.url)}: {leak.form} in {quote(place)}",
        )
        return
