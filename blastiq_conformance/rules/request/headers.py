"""BIQ216, BIQ217, BIQ219 and BIQ220: the headers of a token request."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import TokenRequest, token_requests
from blastiq_conformance.evidence.credential import user_in_basic
from blastiq_conformance.evidence.quotation import quote, quote_authorization

_FIXES = {
    "requests-oauthlib": "fetch_token(…, include_client_id=True, auth=False)",
    "requests, httpx": "no auth= on the token request",
    "axios": "no auth option",
    "golang.org/x/oauth2": "Endpoint{AuthStyle: oauth2.AuthStyleInParams}",
    "IdentityModel 6 and later": "ClientCredentialStyle = ClientCredentialStyle.PostBody",
    "Postman": "Client Authentication: Send client credentials in body",
}


def _with(header: str) -> str:
    return SIGN_IN.replace("\n\n", f"\n{header}\n\n")


@rule(
    id="BIQ216",
    level=Level.SHOULD_NOT,
    title="No Authorization header on the token request",
    why="A public client does not authenticate: the article wants no secret, and the client id is a variable of the "
    "body. A header beside it identifies the client a second time, and OAuth lets a server refuse two ways.",
    instead="Send client_id in the body and no Authorization header.",
    references=("A35", "RFC 6749 5.2"),
    fixes=_FIXES,
    # external.customer with an empty password.
    bad=_with("Authorization: Basic ZXh0ZXJuYWwuY3VzdG9tZXI6"),
    select=token_requests,
    reads=Part.HEADERS,
)
def client_authentication_header(request: TokenRequest) -> Problems:
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
    title="The Service User's name and password are not sent as HTTP Basic credentials",
    why="In the password grant the user's credentials are form fields; in a Basic header a client would identify "
    "itself. The server takes the Service User for an unknown client and answers invalid_client.",
    instead="Put username and password into the form, and send no Authorization header.",
    references=("A30", "A31", "RFC 6749 4.3.2"),
    fixes=_FIXES,
    # The username and password of the form.
    bad=_with("Authorization: Basic c3ZjLnBpdC00MkBtaW5lLmV4YW1wbGU6azdGcTJ2Tjl4VzRtWjh0UjFwTHM="),
    select=token_requests,
    reads=Part.HEADERS | Part.BODY,
)
def user_credentials_in_basic(request: TokenRequest) -> Problems:
    """Find the user's own name before the colon of a Basic header."""
    if request.basic is not None and user_in_basic(request):
        yield Problem(
            message="the Basic header carries the Service User's credentials",
            expected="username and password as form fields, no Authorization header",
            received=request.basic.quoted,
            parameter="Authorization",
        )


_FITTING = frozenset({"*/*", "application/*", "application/json"})


@rule(
    id="BIQ219",
    level=Level.SHOULD,
    severity=Severity.INFO,
    title="An Accept header, where there is one, allows JSON",
    why="The article says that the token comes as application/json. IdentityServer does not look at Accept, but a "
    "gateway before it may answer 406 to a client that asks for XML alone.",
    instead="Send Accept: application/json, or no Accept header.",
    references=("A36",),
    good=_with("Accept: application/json, text/plain, */*"),
    bad=_with("Accept: text/xml"),
    select=token_requests,
    reads=Part.HEADERS,
)
def json_not_accepted(request: TokenRequest) -> Problems:
    """Find Accept headers with no range that includes JSON (RFC 9110 12.5.1)."""
    accepted = ", ".join(request.request.headers.get_all("accept"))
    if accepted.strip() and not any(_takes_json(part) for part in accepted.split(",")):
        yield Problem(
            message="the Accept header of the token request does not allow JSON",
            expected="application/json, or no Accept header",
            received=f"Accept: {quote(accepted)}",
            parameter="Accept",
        )


def _takes_json(media_range: str) -> bool:
    media_type, *parameters = (part.strip().lower() for part in media_range.split(";"))
    refused = any(parameter.replace(" ", "").rstrip("0").rstrip(".") in {"q=", "q=0"} for parameter in parameters)
    return media_type in _FITTING and not refused


@rule(
    id="BIQ220",
    level=Level.SHOULD_NOT,
    title="The body of the token request is not compressed",
    why="A server need not understand a compressed request body, and IdentityServer does not: it finds no fields in it "
    "and answers invalid_request. Compressing two hundred bytes gains nothing either.",
    instead="Switch request compression off for the token endpoint; compressed answers are fine.",
    references=("RFC 9110 8.4",),
    fixes={"curl": "no --data-binary of a gzip file", "OkHttp, Spring": "no gzip interceptor on the token client"},
    bad=_with("Content-Encoding: gzip"),
    select=token_requests,
    reads=Part.HEADERS,
)
def body_content_coded(request: TokenRequest) -> Problems:
    """Find any Content-Encoding but identity."""
    coding = request.request.headers.get("content-encoding")
    if coding is not None and coding.strip().lower() not in {"", "identity"}:
        yield Problem(
            message="the body of the token request is content-coded",
            expected="no Content-Encoding",
            received=f"Content-Encoding: {quote(coding)}",
            parameter="Content-Encoding",
        )
