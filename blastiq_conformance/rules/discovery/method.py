"""BIQ102: discovery is a GET."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Outcome, Problem, Severity, ShownBy, quote, rule
from blastiq_conformance.evidence import discoveries
from fake_idp.journal import Exchange


@rule(
    id="BIQ102",
    name="discovery-not-get",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="The discovery document is fetched with GET",
    why="OpenID Connect Discovery asks for a GET. IdentityServer answers any other method with 405 and no document.",
    instead="Send GET, without a body.",
    references=("OIDC Discovery 4.1",),
    good="""
GET /identity/.well-known/openid-configuration

HTTP/1.1 200 OK
Content-Type: application/json

{"token_endpoint": "http://127.0.0.1:8080/identity/connect/token"}
""",
    bad="""
POST /identity/.well-known/openid-configuration

HTTP/1.1 405 Method Not Allowed

###
exit: 1
""",
    select=discoveries,
    absent=Outcome.INAPPLICABLE,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def discovery_not_get(exchange: Exchange) -> Iterator[Problem]:
    """Find every other method; HEAD and OPTIONS never come here (N1)."""
    if exchange.request.method != "GET":
        yield Problem(
            message="the discovery document was asked for with another method than GET",
            expected="GET",
            received=quote(exchange.request.method, exchange.request.path),
            exchange=exchange.number,
        )
