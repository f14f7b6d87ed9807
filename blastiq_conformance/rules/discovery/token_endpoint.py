"""BIQ103: the token endpoint is the one that discovery names."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from blastiq_conformance.catalogue import Level, Problem, Severity, quote, rule
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.token_request import TokenRequest


def _with_token_requests(evidence: Evidence) -> Sequence[Evidence]:
    shown = evidence.discoveries or _is_whole(evidence)
    return (evidence,) if evidence.token_requests and shown else ()


def _is_whole(evidence: Evidence) -> bool:
    # A recording may have left discovery out; where we gave authority and user, we saw everything.
    return evidence.facts.authority is not None and evidence.facts.username is not None


@rule(
    id="BIQ103",
    name="token-endpoint-not-discovered",
    level=Level.SHOULD,
    severity=Severity.WARNING,
    title="The token endpoint comes from the discovery document",
    why="The article's sample reads the discovery document first and takes the token endpoint from it. A fixed address "
    "works until the server moves, and then the integration is down without a change of its own.",
    instead="Fetch the discovery document once at start and post to its token_endpoint.",
    references=("A18", "A20", "A28", "RFC 9700 2.6"),
    fixes={
        "IdentityModel": "GetDiscoveryDocumentAsync, then Address = disco.TokenEndpoint",
        "authlib, requests-oauthlib": "fetch the document yourself and pass document['token_endpoint'] to fetch_token",
        "openid-client": "Issuer.discover(authority)",
        "golang.org/x/oauth2": "oidc.NewProvider(ctx, authority).Endpoint() of coreos/go-oidc",
    },
    good="""
GET /identity/.well-known/openid-configuration
Host: 127.0.0.1:8080

HTTP/1.1 200 OK
Content-Type: application/json

{"issuer": "http://127.0.0.1:8080/identity", "token_endpoint": "http://127.0.0.1:8080/identity/connect/x7f3"}

###
POST /identity/connect/x7f3
Host: 127.0.0.1:8080
Content-Type: application/x-www-form-urlencoded

grant_type=password&username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs
&client_id=external.customer
""",
    bad="""
GET /identity/.well-known/openid-configuration
Host: 127.0.0.1:8080

HTTP/1.1 200 OK
Content-Type: application/json

{"issuer": "http://127.0.0.1:8080/identity", "token_endpoint": "http://127.0.0.1:8080/identity/connect/x7f3"}

### the address that it always was, not the one that the document names
POST /identity/connect/token
Host: 127.0.0.1:8080
Content-Type: application/x-www-form-urlencoded

grant_type=password&username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs
&client_id=external.customer

HTTP/1.1 404 Not Found

###
exit: 1
""",
    select=_with_token_requests,
)
def token_endpoint_not_discovered(evidence: Evidence) -> Iterator[Problem]:
    """Find token requests to other addresses, each address once; none at all without discovery, reported once."""
    first_discovery = evidence.discoveries[0].number if evidence.discoveries else None
    told: set[str] = set()
    for request in evidence.token_requests:
        url, number = request.request.url, request.exchange.number
        if request.endpoint:
            if url not in told and not _is_at(request, request.endpoint):
                told.add(url)
                yield Problem(
                    message="a token was asked for at another address than the one that discovery names",
                    expected=f"POST {quote(request.endpoint)}",
                    received=quote(request.request.method, url),
                    exchange=number,
                )
        elif "" not in told and (first_discovery is None or first_discovery > number):
            told.add("")
            if _is_whole(evidence):
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
    # A full name may end in a dot, and the usual port may be named.
    return host.lower().replace(".:", ":").removesuffix(":80").removesuffix(":443").removesuffix(".")
