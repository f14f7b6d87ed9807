"""BIQ203 and BIQ204: the query of the token endpoint is the server's own, not a place for parameters."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN, story
from blastiq_conformance.evidence import Evidence, password_grants
from blastiq_conformance.evidence.parameters import KNOWN
from blastiq_conformance.evidence.token_request import Place, TokenRequest
from blastiq_conformance.rules.request.names import wanted


@rule(
    id="BIQ203",
    level=Level.MUST,
    title="Parameters travel in the body, never in the URL",
    why="The article puts the variables into the body of the POST. IdentityServer does not read them from the query, "
    "and a URL with a password in it ends up in the logs of every proxy and server on its way.",
    instead="Move every parameter from the URL into the form body.",
    references=("A27", "RFC 6749 2.3.1", "RFC 6749 4.3.2"),
    fixes={
        "axios": "second argument of axios.post, not params",
        "requests, httpx": "data=, not params=",
        "curl": "--data-urlencode without -G, and the password by standard input: password@-",
    },
    bad="""
POST /identity/connect/token?grant_type=password&client_id=external.customer
Content-Type: application/x-www-form-urlencoded

username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs
""",
    select=password_grants,
)
def parameter_in_query(request: TokenRequest) -> Problems:
    """Find OAuth parameters in the query, but for those that came with the endpoint (D29)."""
    if "?" not in request.request.target:
        return
    for field in request.fields:
        if field.place is Place.QUERY and field.name.lower() in KNOWN and not request.is_advertised(field):
            yield Problem(
                message=f"{field.name} stands in the URL of the token request",
                expected=wanted(field.name, f"{field.name} in the form body, if it is to be sent at all"),
                received=request.quote(field),
                parameter=field.name,
            )


def _to_endpoint_with_query(evidence: Evidence) -> Sequence[TokenRequest]:
    # A request to another path did not come from discovery at all: that is BIQ103.
    return [x for x in evidence.token_requests if "?" in x.endpoint and _path(x.endpoint) == x.request.path]


def _path(endpoint: str) -> str:
    rest = endpoint.partition("?")[0].partition("://")[2]
    return "/" + rest.partition("/")[2]


_DISCOVERED = """GET /identity/.well-known/openid-configuration
Host: 127.0.0.1:8080

HTTP/1.1 200 OK
Content-Type: application/json

{"issuer": "http://127.0.0.1:8080/identity", "token_endpoint": "http://127.0.0.1:8080/identity/connect/token?t=1"}"""


@rule(
    id="BIQ204",
    level=Level.MUST,
    severity=Severity.WARNING,
    title="The query of the advertised token endpoint is kept",
    why="The address of a token endpoint may have a query of its own, and OAuth demands that it is kept when "
    "parameters are added. A client that drops it when it takes the address apart calls another resource.",
    instead="Use the token_endpoint as it stands in the discovery document.",
    references=("RFC 6749 3.2",),
    fixes={"httpx": "params= replaces the query of the address; post to it as it is, with the form as data="},
    good=story(_DISCOVERED, SIGN_IN.replace("/token", "/token?t=1", 1)),
    bad=story(_DISCOVERED, SIGN_IN),
    select=_to_endpoint_with_query,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def endpoint_query_lost(request: TokenRequest) -> Problems:
    """Find parts of the advertised query that did not arrive; others may be added (D29)."""
    sent = {(pair.name, pair.value) for pair in request.request.query}
    if lost := request.advertised - sent:
        yield Problem(
            message="the query of the advertised token endpoint did not arrive",
            expected=f"POST {quote(request.endpoint)}",
            received=quote(request.request.method, request.request.target),
            parameter=quote(min(lost)[0]),
            missing=True,
        )
