"""BIQ102: discovery is a GET."""

from blastiq_conformance.catalogue import Level, Problem, Problems, quote, rule
from blastiq_conformance.evidence import discoveries
from blastiq_conformance.rules.discovery.messages import DOCUMENT, LOOKUP, OK
from fake_idp.journal import Exchange


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
    """Find every other method; HEAD and OPTIONS never come here (N1)."""
    if exchange.request.method != "GET":
        yield Problem(
            message="the discovery document was requested with another method than GET",
            expected="GET",
            received=quote(exchange.request.method, exchange.request.path),
        )
