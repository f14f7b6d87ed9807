"""BIQ503: the client id on a refresh."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import REFRESH_1, granted, refreshed, renewal, signed_in, story
from blastiq_conformance.evidence import TokenRequest, refreshes


@rule(
    id="BIQ503",
    level=Level.MUST,
    title="A refresh names its client: client_id in the body",
    why="A client without a secret is identified by its client_id alone (RFC 6749 sections 3.2.1 and 6), and the "
    "server answers invalid_client where it is missing. Some libraries send it on the sign-in and leave it out here, "
    "so that the integration works until its first token expires, and then stops.",
    instead="Send client_id in the body of each refresh, as on the sign-in.",
    references=("RFC 6749 3.2.1", "RFC 6749 6", "A32"),
    fixes={
        "requests-oauthlib": "refresh_token(url, client_id=...): extra keywords go into the body",
        "Duende.IdentityModel (from 6.0)": "ClientCredentialStyle = ClientCredentialStyle.PostBody",
        "golang.org/x/oauth2": "Endpoint.AuthStyle = oauth2.AuthStyleInParams",
        "simple-oauth2": "it always sends Basic, or a secret in the body: post the form yourself",
    },
    good=story(signed_in(), refreshed(REFRESH_1, granted())),
    bad=story(signed_in(), renewal(f"grant_type=refresh_token&refresh_token={REFRESH_1}")),
    select=refreshes,
    reads=Part.BODY,
    seen=True,
)
def refresh_without_client_id(request: TokenRequest) -> Problems:
    """Find an absent or other client_id; the profile lenient forgives one in Basic alone (D1, D32)."""
    expected = request.facts.client_id
    sent = request.first("client_id")
    if sent is not None and sent.value == expected:
        return
    basic = request.basic
    in_basic = sent is None and basic is not None and basic.names(expected)
    if in_basic:
        message, received = "the refresh names its client in the Authorization header only", "Authorization: Basic"
    elif sent is None:
        message, received = "the refresh does not name its client", "no client_id parameter"
    else:
        message, received = "the refresh names another client", request.quote(sent)
    yield Problem(
        message=message,
        expected=f"client_id={expected} in the body",
        received=received,
        parameter="client_id",
        tolerated=in_basic,
        missing=sent is None,
    )
