"""BIQ103: the token endpoint is the one that discovery names."""

from urllib.parse import urlsplit

from blastiq_conformance.catalogue import Level, Outcome, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import Evidence, TokenRequest, where
from blastiq_conformance.rules.discovery.messages import at_host, discovered

_MOVED = discovered(path="x7f3")


def _is_whole(evidence: Evidence) -> bool:
    # A recording may lack discovery; where the kit gave authority and user, it saw everything.
    return evidence.facts.authority is not None and evidence.facts.username is not None


@rule(
    id="BIQ103",
    level=Level.SHOULD,
    title="The token endpoint comes from the discovery document",
    why="The article's sample takes the token endpoint from the discovery document. A fixed address works until the "
    "server moves, and then the integration is down without a change of its own.",
    instead="Fetch the discovery document once at start and post to its token_endpoint.",
    references=("A18", "A20", "A28", "RFC 9700 2.6"),
    fixes={
        "IdentityModel": "GetDiscoveryDocumentAsync, then Address = disco.TokenEndpoint",
        "authlib, requests-oauthlib": "fetch the document yourself and pass document['token_endpoint'] to fetch_token",
        "axios, fetch": "get `${authority}/.well-known/openid-configuration`, and post to token_endpoint of its JSON",
        "openid-client": "Issuer.discover(authority)",
        "openid-client 6": "discovery(new URL(authority), clientId, undefined, None())",
        "golang.org/x/oauth2": "oidc.NewProvider(ctx, authority).Endpoint() of coreos/go-oidc",
    },
    good=f"{_MOVED}\n###\n{at_host(SIGN_IN).replace('token', 'x7f3', 1)}",
    bad=f"{_MOVED}\n### the usual address, not the one that the document names\n{at_host(SIGN_IN)}\n"
    "\nHTTP/1.1 404 Not Found\n\n###\nexit: 1",
    select=where(lambda evidence: evidence.token_requests and (evidence.discoveries or _is_whole(evidence))),
    absent=Outcome.UNTESTED,
)
def token_endpoint_not_discovered(evidence: Evidence) -> Problems:
    """Find token requests to other addresses, each address once, and once a token request without discovery."""
    first_discovery = evidence.discoveries[0].number if evidence.discoveries else None
    told: set[str] = set()
    for request in evidence.token_requests:
        url, number = request.request.url, request.exchange.number
        if request.endpoint:
            if url not in told and not _is_at(request, request.endpoint):
                told.add(url)
                yield Problem(
                    message="a token was requested at another address than the one that discovery names",
                    expected=f"POST {quote(request.endpoint)}",
                    received=quote(request.request.method, url),
                    exchange=number,
                )
        elif _is_whole(evidence) and "" not in told and (first_discovery is None or first_discovery > number):
            told.add("")
            yield Problem(
                message="the token endpoint is fixed: no discovery document was fetched before it was used",
                expected="GET the discovery document, then POST to its token_endpoint",
                received=f"{quote(request.request.method, url)} without discovery",
                exchange=number,
                missing=True,
            )


def _is_at(request: TokenRequest, endpoint: str) -> bool:
    try:
        named = urlsplit(endpoint)
    except ValueError:
        return False
    if request.request.path != named.path:
        return False
    called = request.request.host
    return not called or not named.netloc or _plain_host(called) == _plain_host(named.netloc)


def _plain_host(host: str) -> str:
    # A fully qualified name may end in a dot, and the default port may be named.
    return host.lower().replace(".:", ":").removesuffix(":80").removesuffix(":443").removesuffix(".")
