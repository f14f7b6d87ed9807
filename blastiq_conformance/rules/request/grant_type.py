"""BIQ205: the grant is the password grant."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import TokenRequest, password_grants


@rule(
    id="BIQ205",
    level=Level.MUST,
    title="grant_type is password, in lower case",
    why="Unattended integration uses the resource owner password grant, and the article gives its grant_type. "
    "Today's security advice (RFC 9700) is against that grant; BlastIQ asks for it nevertheless, and IdentityServer "
    "answers every other spelling or grant with unsupported_grant_type or unauthorized_client.",
    instead="Send grant_type=password.",
    references=("A11", "A29", "RFC 6749 4.3.2"),
    fixes={
        "Auth0 SDKs": "their login sends a grant type of Auth0's own: auth0-python takes grant_type='password', "
        "the Node one sends password where no realm is given",
        "simple-oauth2": "ResourceOwnerPassword instead of ClientCredentials",
        "requests-oauthlib": "LegacyApplicationClient instead of BackendApplicationClient",
    },
    bad=SIGN_IN.replace("=password", "=Password", 1),
    select=password_grants,
    reads=Part.BODY,
    seen=True,
)
def wrong_grant_type(request: TokenRequest) -> Problems:
    """Find a sign-in whose grant_type is absent or anything but `password`."""
    field = request.first("grant_type")
    if field is not None and field.value == "password":
        return
    yield Problem(
        message="the token request names no grant_type" if field is None else "grant_type is not password",
        expected="grant_type=password",
        received="no grant_type parameter" if field is None else request.quote(field),
        parameter="grant_type",
        missing=field is None,
    )
