"""BIQ206: the client id stands in the body."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import TokenRequest, password_grants

_SWITCHES = (
    "requests-oauthlib: include_client_id=True. IdentityModel: ClientCredentialStyle.PostBody. "
    "golang.org/x/oauth2: AuthStyleInParams. openid-client: token_endpoint_auth_method none."
)


@rule(
    id="BIQ206",
    level=Level.MUST,
    title="client_id=external.customer is a variable in the body",
    why="The article lists client_id among the variables of the body. Many libraries put it into an Authorization: "
    "Basic header instead: IdentityServer4 up to 2.2 refuses that with invalid_client, later versions and Duende "
    "accept it, and which of them BlastIQ runs is not known.",
    instead="Send client_id=external.customer, or the id that BlastIQ Support gave you, as a form field.",
    references=("A32", "A20", "RFC 6749 3.2.1"),
    fixes={
        "requests-oauthlib": "fetch_token(…, include_client_id=True)",
        "IdentityModel 6 and later": "ClientCredentialStyle = ClientCredentialStyle.PostBody",
        "golang.org/x/oauth2": "Endpoint{AuthStyle: oauth2.AuthStyleInParams}",
        "openid-client": "token_endpoint_auth_method: 'none'",
        "openid-client 6": "None() instead of ClientSecretBasic()",
        "simple-oauth2, client-oauth2": "they always send Basic, or a secret in the body: post the form yourself",
    },
    bad=SIGN_IN.partition("\n&client_id")[0],
    select=password_grants,
    reads=Part.BODY,
    seen=True,
)
def client_id_not_in_body(request: TokenRequest) -> Problems:
    """Find an absent, empty or wrong client id; in a wrong place it is not also missing (D31)."""
    expected, field = request.facts.client_id, request.first("client_id")
    if field is not None:
        if field.value == expected:
            return
        yield Problem(
            message="client_id is not the one that BlastIQ gave" if field.value else "client_id is empty",
            expected=f"client_id={expected}",
            received=request.quote(field),
            parameter="client_id",
            missing=not field.value,
        )
        return
    basic = request.basic
    in_basic = basic is not None and basic.names(expected)
    yield Problem(
        message="client_id stands in the Basic header, not in the body" if in_basic else "client_id is missing",
        expected=f"client_id={expected} as a form field",
        received="the client id in Authorization: Basic alone" if in_basic else "no client_id parameter",
        parameter="client_id",
        # D1, D22: IdentityServer4 2.3 and later take it from there.
        tolerated=in_basic,
        missing=True,
        fix=f"Put client_id into the form. {_SWITCHES}" if in_basic else "",
    )
