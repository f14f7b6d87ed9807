"""BIQ216 and BIQ217: no Authorization header on the token request."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Severity, ShownBy, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import token_requests
from blastiq_conformance.evidence.credential import user_in_basic
from blastiq_conformance.evidence.quotation import quote, quote_authorization
from blastiq_conformance.evidence.token_request import TokenRequest

_FIXES = {
    "requests-oauthlib": "fetch_token(…, include_client_id=True, auth=False)",
    "requests, httpx": "no auth= on the token request",
    "axios": "no auth option",
    "golang.org/x/oauth2": "Endpoint{AuthStyle: oauth2.AuthStyleInParams}",
    "IdentityModel 6 and later": "ClientCredentialStyle = ClientCredentialStyle.PostBody",
    "Postman": "Client Authentication: Send client credentials in body",
}


def _signed(header: str) -> str:
    return SIGN_IN.replace("\n\n", f"\nAuthorization: {header}\n\n", 1)


@rule(
    id="BIQ216",
    level=Level.SHOULD_NOT,
    severity=Severity.WARNING,
    title="No Authorization header on the token request",
    why="A public client does not authenticate: the article wants no secret, and the client id is a variable of the "
    "body. A header beside it identifies the client a second time, and OAuth lets a server refuse two ways.",
    instead="Send client_id in the body and no Authorization header.",
    references=("A35", "RFC 6749 5.2"),
    fixes=_FIXES,
    good=SIGN_IN,
    # external.customer with an empty password.
    bad=_signed("Basic ZXh0ZXJuYWwuY3VzdG9tZXI6"),
    select=token_requests,
    absent=Outcome.UNTESTED,
    reads=Part.HEADERS,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def client_authentication_header(request: TokenRequest) -> Iterator[Problem]:
    """Find any Authorization header, but for those that BIQ209, BIQ504 or BIQ217 report (D26)."""
    header = request.request.headers.get("authorization")
    if header is None or (request.basic is not None and request.basic.password):
        return
    yield Problem(
        message="the token request carries an Authorization header",
        expected="no Authorization header",
        received=f"Authorization: {quote_authorization(header)}",
        parameter="Authorization",
    )


@rule(
    id="BIQ217",
    level=Level.MUST_NOT,
    severity=Severity.ERROR,
    title="The Service User's name and password are not sent as HTTP Basic credentials",
    why="In the password grant the user's credentials are form fields; in a Basic header a client would identify "
    "itself. The server takes the Service User for an unknown client and answers invalid_client.",
    instead="Put username and password into the form, and send no Authorization header.",
    references=("A30", "A31", "RFC 6749 4.3.2"),
    fixes=_FIXES,
    good=SIGN_IN,
    # The username and password of the form.
    bad=_signed("Basic c3ZjLnBpdC00MkBtaW5lLmV4YW1wbGU6azdGcTJ2Tjl4VzRtWjh0UjFwTHM="),
    select=token_requests,
    absent=Outcome.UNTESTED,
    reads=Part.HEADERS | Part.BODY,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def user_credentials_in_basic(request: TokenRequest) -> Iterator[Problem]:
    """Find the user's own name before the colon of a Basic header."""
    if request.basic is not None and user_in_basic(request):
        yield Problem(
            message="the Basic header carries the Service User's credentials",
            expected="username and password as form fields, no Authorization header",
            received=f"Authorization: Basic with {quote(request.basic.user)}:{quote(request.basic.password)}",
            parameter="Authorization",
        )
