"""BIQ202: the body of a token request is a form."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Flaw, Level, Part, Severity, rule
from blastiq_conformance.evidence import password_grants
from blastiq_conformance.example_messages import SIGN_IN
from blastiq_conformance.token_request import TokenRequest
from fake_idp.wire import FORM


@rule(
    id="BIQ202",
    name="body-not-form",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="The body is application/x-www-form-urlencoded and says so",
    why="The article and OAuth ask for a form. IdentityServer looks at the media type before anything else and answers "
    "JSON, multipart, plain text or a missing Content-Type with invalid_request, however right the values are.",
    instead=f"Form-encode the body and send Content-Type: {FORM}; a charset parameter behind it does no harm.",
    references=("A27", "RFC 6749 4.3.2"),
    fixes={
        "axios": "pass a URLSearchParams: a plain object is sent as JSON",
        "fetch": "body: new URLSearchParams({…}); a string is sent as text/plain, FormData as multipart",
        "requests, httpx": "data= with a dict: json= sends JSON, and a string comes without Content-Type",
        "curl": "--data-urlencode instead of -F",
        "Auth0 samples": "replace the JSON body by a form",
    },
    good=SIGN_IN.replace("urlencoded", "urlencoded; charset=UTF-8", 1),
    bad="""
POST /identity/connect/token
Content-Type: application/json

{"grant_type": "password", "username": "svc.pit-42@mine.example", "password": "k7Fq2vN9xW4mZ8tR1pLs",
 "client_id": "external.customer"}
""",
    select=password_grants,
    reads=Part.HEADERS,
    seen=True,
)
def body_not_form(request: TokenRequest) -> Iterator[Flaw]:
    """Find another media type or none, where there is a body at all (D26)."""
    media_type = request.request.media_type
    if media_type == FORM or not request.request.body:
        return
    yield Flaw(
        message="the body of the token request is not sent as a form",
        expected=f"Content-Type: {FORM}",
        received="no Content-Type" if media_type is None else f"Content-Type: {media_type}",
        parameter="Content-Type",
        exchange=request.exchange.number,
        missing=media_type is None,
    )
