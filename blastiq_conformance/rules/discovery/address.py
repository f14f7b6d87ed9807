"""BIQ101: the discovery document is asked for at its one address."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from blastiq_conformance.catalogue import Level, Problem, Severity, quote, rule
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.rules.discovery.messages import discovered
from fake_idp.classify import WELL_KNOWN
from fake_idp.journal import Exchange
from fake_idp.wire import Ending

# The path of the article's authority, for recordings that do not say which one was configured.
_USUAL_BASE = "/identity"


def _is_open(exchange: Exchange) -> bool:
    return exchange.request.path.startswith("{{")


@rule(
    id="BIQ101",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="The discovery document is requested at the authority plus /.well-known/openid-configuration",
    why="The article gives the authority and the address of its discovery document, and spells the authority both with "
    "and without a trailing slash. OpenID Connect Discovery removes that slash before it adds the well-known path; a "
    "doubled slash, a trailing slash or a lost /identity makes another address, where the server has nothing.",
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
    select=where(lambda evidence: not all(map(_is_open, evidence.discoveries))),
)
def discovery_at_wrong_address(evidence: Evidence) -> Iterator[Problem]:
    """Find every malformed address, and other addresses where the right one was never tried."""
    authority = evidence.facts.authority
    base = _USUAL_BASE if authority is None else urlsplit(authority).path.rstrip("/")
    right = (base + WELL_KNOWN).lower()
    found = any(exchange.request.path.lower() == right for exchange in evidence.discoveries)
    told: set[str] = set()
    for exchange in evidence.discoveries:
        path = exchange.request.path
        # A client may try several addresses, RFC 8414's path-inserted form first, if this one is among them. Only a 4xx
        # sends it on: who lost the connection, or got something that is no document, rightly stops.
        if not _was_refused(exchange) and not _is_malformed(path):
            continue
        if path.lower() == right or path in told or _is_open(exchange) or (found and not _is_malformed(path)):
            continue
        told.add(path)
        yield Problem(
            message=_message(path),
            expected=f"GET {base}{WELL_KNOWN}",
            received=quote(exchange.request.method, path),
            exchange=exchange.number,
        )


def _was_refused(exchange: Exchange) -> bool:
    response = exchange.response
    return response is not None and 400 <= response.status < 500 and response.delivery.ending is Ending.COMPLETE


def _is_malformed(path: str) -> bool:
    return "//" in path or path.endswith("/")


def _message(path: str) -> str:
    if "//" in path:
        return "the discovery address has a doubled slash: the authority's own was kept"
    if path.endswith("/"):
        return "the discovery address ends in a slash"
    return "discovery was asked for at other addresses only, never below the authority"
