"""BIQ610: the access token goes to the API only."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.selection import Selection
from blastiq_conformance.evidence.sent import Sent, sent
from fake_idp.classify import Kind

# The identity server's other endpoints take the token by design, and discovery has a rule of its own: BIQ108.
_ELSEWHERE = (Kind.TOKEN, Kind.JWKS, Kind.OTHER)


def _select(evidence: Evidence) -> Sequence[Sent]:
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
    good=story(signed_in(), called()),
    bad=story(
        signed_in(),
        called(),
        f"POST /v1/telemetry\nHost: collector.example\nAuthorization: Bearer {TOKEN_1}\nHTTP/1.1 204 No Content\n\n",
    ),
    select=_select,
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
