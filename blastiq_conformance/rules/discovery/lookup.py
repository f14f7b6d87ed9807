"""BIQ101, BIQ102, BIQ107 and BIQ108: the document is asked for by a plain GET, at its one address, and kept."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, ShownBy, rule
from blastiq_conformance.catalogue.request_form import other_method
from blastiq_conformance.evidence import Evidence, Exchange, discoveries, where
from blastiq_conformance.evidence.clients import callers
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.evidence.quotation import quote, quote_authorization
from blastiq_conformance.evidence.sent import Sent, sent
from blastiq_conformance.rules.discovery.messages import DOCUMENT, FETCHED, LOOKUP, OK, discovered
from fake_idp.classify import WELL_KNOWN, Kind
from fake_idp.secrets.basic import pair_of

# The path of the article's authority, for recordings that do not say which one was configured.
_USUAL_BASE = "/identity"


def _is_open(exchange: Exchange) -> bool:
    return exchange.request.path.startswith("{{")


@rule(
    id="BIQ101",
    level=Level.MUST,
    title="The discovery document is requested at the authority plus /.well-known/openid-configuration",
    why="The article spells the authority with and without a trailing slash, which OpenID Connect Discovery removes "
    "before it adds the well-known path. A doubled or trailing slash or a lost /identity makes another address, where "
    "the server has nothing.",
    instead="Remove one trailing slash from the authority, then add /.well-known/openid-configuration.",
    references=("A14", "A16", "A17", "OIDC Discovery 4", "OIDC Discovery 4.1"),
    fixes={
        "any language": "join with authority.rstrip('/') + '/.well-known/openid-configuration', "
        "never with a URL resolver: that drops /identity",
        "Node": "new URL('/.well-known/…', authority) drops /identity; concatenate the strings",
        "MCP-style clients": "the path-inserted form of RFC 8414 may be tried, but not instead of this one",
    },
    good=discovered(),
    bad="""
GET /identity//.well-known/openid-configuration
Host: 127.0.0.1:8080

HTTP/1.1 404 Not Found

### the client stops there
exit: 1
""",
    # A script may leave the authority to a variable: what stands before the well-known path is then not known.
    select=where(lambda evidence: not all(map(_is_open, _lookups(evidence)))),
)
def discovery_at_wrong_address(evidence: Evidence) -> Problems:
    """Find every malformed address, and other addresses where the right one was never tried."""
    authority = evidence.facts.authority
    base = _USUAL_BASE if authority is None else urlsplit(authority).path.rstrip("/")
    right = (base + WELL_KNOWN).lower()
    found = any(exchange.request.path.lower() == right for exchange in evidence.discoveries)
    told: set[str] = set()
    for exchange in _lookups(evidence):
        path = exchange.request.path
        # A client may try several addresses, RFC 8414's path-inserted form first, if this one is among them. Only a 4xx
        # sends it on: who lost the connection, or got something that is no document, rightly stops.
        malformed = _malformed(path)
        if not malformed and (found or not _was_refused(exchange)):
            continue
        if path.lower() == right or path in told or _is_open(exchange):
            continue
        told.add(path)
        yield Problem(
            message=malformed
            or "discovery was asked for at other addresses only, never at the authority plus the well-known path",
            expected=f"GET {base}{WELL_KNOWN}",
            received=quote(exchange.request.method, path),
            exchange=exchange.number,
        )


def _lookups(evidence: Evidence) -> Sequence[Exchange]:
    """Select the requests for the document; a client that got no further than a refusal elsewhere misspelt it."""
    if evidence.child is None or any(exchange.kind is not Kind.OTHER for exchange in evidence.judged):
        return evidence.discoveries
    return [x for x in evidence.judged if x.request.method == "GET" and _was_refused(x)]


def _was_refused(exchange: Exchange) -> bool:
    return 400 <= exchange.code < 500 and exchange.came_whole


def _malformed(path: str) -> str:
    if "//" in path:
        return "the discovery address has a doubled slash: the authority's own was kept"
    return "the discovery address ends in a slash" if path.lower().endswith(f"{WELL_KNOWN}/") else ""


@rule(
    id="BIQ102",
    level=Level.MUST,
    title="The discovery document is fetched with GET",
    why="OpenID Connect Discovery asks for a GET. IdentityServer answers any other method with 405 and no document.",
    instead="Send GET, without a body.",
    references=("OIDC Discovery 4.1",),
    good=f"{LOOKUP}\n\n{OK}\n{DOCUMENT}",
    bad=f"{LOOKUP.replace('GET', 'POST')}\n\nHTTP/1.1 405 Method Not Allowed\n\n###\nexit: 1",
    select=discoveries,
)
def discovery_not_get(exchange: Exchange) -> Problems:
    """Find every other method."""
    return other_method(exchange.request, "GET", "the discovery document")


# One at the start, one for a second component; with this many API calls, a document for each call stands out.
_ALLOWED = 2
_TELLING_CALLS = 4


@rule(
    id="BIQ107",
    level=Level.SHOULD,
    title="The discovery document is fetched once and kept",
    why="The document hardly ever changes. Fetching it for each call doubles the traffic and the time of each call, "
    "and makes every call fail whenever that one address does not answer.",
    instead="Keep the document for the life of the process, or for a day; at most fetch it again with a new token.",
    references=("RFC 9111 4.2",),
    fixes={
        "IdentityModel": "DiscoveryCache, kept as a singleton",
        "openid-client": "keep the Issuer or Configuration object; do not discover within a request",
    },
    good=FETCHED + "\n### four calls with one document\n" + "\n### +1.1\n".join(["GET /api"] * 4),
    bad="\n### +1.1\n".join([f"{FETCHED}\n###\nGET /api"] * 3 + ["GET /api"]),
    select=where(lambda evidence: evidence.documents and len(evidence.api_calls) >= _TELLING_CALLS),
    conduct=True,
)
def discovery_repeated(evidence: Evidence) -> Problems:
    """Compare the number of documents that came to one process, or script, with the number of token requests."""
    caller = callers(evidence.judged)
    came = ((caller(each.exchange), each) for each in evidence.documents if each.token_endpoint is not None)
    fetched = max(grouped(came).values(), key=len, default=[])
    allowed = _ALLOWED + len(evidence.token_requests)
    if len(fetched) > allowed:
        yield Problem(
            message="the discovery document is fetched again and again",
            expected=f"at most {allowed}: {_ALLOWED}, and one more for each token request",
            received=f"{len(fetched)} times for {len(evidence.api_calls)} API calls",
            exchange=fetched[allowed].exchange.number,
        )


_SECRET_NAMES = frozenset({"username", "password", "client_secret", "access_token", "refresh_token"})


@rule(
    id="BIQ108",
    level=Level.MUST_NOT,
    title="The discovery document is fetched without credentials",
    why="The document is public. A password or token that goes along with the request ends up in logs and caches on "
    "the way, and OAuth allows credentials to be shared with the token endpoint only.",
    instead="Send a plain GET: no Authorization header, no credentials in query, headers or body.",
    references=("RFC 6749 10.3",),
    fixes={
        "requests, httpx": "fetch it with a session of its own, without auth= or default headers",
        "axios": "do not set auth or Authorization in axios.defaults; use an instance for the API",
    },
    good=f"{LOOKUP}\nAccept: application/json\n\n{OK}\n{DOCUMENT}",
    bad=f"{LOOKUP}\nAuthorization: Bearer eyJhbGciOiJSUzI1NiJ9.of-another-session\n\n{OK}\n{DOCUMENT}",
    select=lambda evidence: sent(evidence, Kind.DISCOVERY),
    reads=Part.HEADERS | Part.BODY,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def secret_sent_to_discovery(lookup: Sent) -> Problems:
    """Find an Authorization header, credentials by name, and known secrets in any encoding."""
    for what, received in _carried(lookup):
        yield Problem(
            message=f"the request for the discovery document carries {what}",
            expected="a plain GET without credentials",
            received=received,
        )
        return


def _carried(lookup: Sent) -> Iterator[tuple[str, str]]:
    """Name what is there and show it; a header is not always a secret: a client without a token writes undefined."""
    request, facts = lookup.exchange.request, lookup.facts
    header = request.headers.get("authorization")
    # The client id alone is not a secret.
    if header is not None and pair_of(header) != (facts.client_id, ""):
        yield "an Authorization header", f"Authorization: {quote_authorization(header)}"
    for pair in request.query if "?" in request.target else ():
        if pair.name.lower() in _SECRET_NAMES and pair.value:
            yield "credentials", f"query parameter {quote(pair.name)}={quote(pair.value)}"
    for _, leak in lookup.leaks(lookup.canaries.search):
        yield "a secret", f"the {leak.secret.kind}, in the form {leak.form}"
