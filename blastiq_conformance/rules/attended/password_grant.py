"""BIQ901: where a person signs in, no password passes through the integration."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import signed_in, story
from blastiq_conformance.evidence import Evidence, TokenRequest
from blastiq_conformance.rules.attended.messages import FLOW, attended


def _select(evidence: Evidence) -> Sequence[TokenRequest]:
    if evidence.facts.flow != "attended":
        return ()
    return [request for request in evidence.token_requests if not request.is_refresh]


@rule(
    id="BIQ901",
    level=Level.MUST_NOT,
    title="An attended integration uses no password grant and no Service User",
    why="The article reserves Service Users for server to BlastIQ: on people's machines anybody can read what a "
    "program brings along. A person signs in on BlastIQ's own page, and the integration exchanges a code for a token.",
    instead="Open the authorize endpoint in the system's browser and exchange the code that comes back.",
    references=("A2", "A3", "RFC 9700 2.4"),
    fixes={
        "IdentityModel": "OidcClient.LoginAsync instead of RequestPasswordTokenAsync",
        "openid-client": "authorizationUrl() and callback() instead of grant({grant_type: 'password'})",
        "authlib": "create_authorization_url and fetch_token(authorization_response=…)",
    },
    good=attended(),
    bad=story(FLOW, signed_in()),
    select=_select,
    reads=Part.BODY,
)
def password_grant_with_a_person(request: TokenRequest) -> Problems:
    """Find every way to a first token other than the code."""
    if request.is_code_exchange:
        return
    field = request.first("grant_type")
    with_password = "password" in request.names
    yield Problem(
        message="the integration sent a password itself, though a person was there to sign in"
        if with_password
        else "the integration got its token without the person who was there",
        expected="grant_type=authorization_code, with the code that the browser brought",
        received="no grant_type parameter" if field is None else request.quote(field),
        parameter="grant_type",
        missing=field is None,
    )
