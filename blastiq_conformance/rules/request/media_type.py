"""BIQ202: the body of a token request is a form."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import TokenRequest, password_grants
from fake_idp.wire import FORM


@rule(
    id="BIQ202",
    level=Level.MUST,
    title="The body is application/x-www-form-urlencoded and says so",
    why="The article and OAuth ask for a form. IdentityServer looks at the media type before anything else and answers "
    "JSON, multipart, plain text or a missing Content-Type with invalid_request, even if the values are right; in JSON "
    "that is labelled as a form, or in a form that was encoded as a whole, it finds no field at all.",
    instead=f"Form-encode each value, join the pairs with = and &, and send Content-Type: {FORM}; a charset parameter "
    "does no harm. The label alone does not turn JSON into a form.",
    references=("A27", "RFC 6749 4.3.2"),
    fixes={
        "axios": "pass a URLSearchParams: a plain object is sent as JSON",
        "fetch": "body: new URLSearchParams({…}); a string is sent as text/plain, FormData as multipart",
        "requests, httpx": "data= with a dict: json= sends JSON, and a string comes without Content-Type",
        "curl": "--data-urlencode instead of -F, and the password by standard input: password@-",
        "Guzzle": "'form_params' => […] instead of 'json' or 'multipart'",
        "Postman": "body: x-www-form-urlencoded, not raw or form-data",
        "IdentityModel": "RequestPasswordTokenAsync with a PasswordTokenRequest posts a form",
        "PHP": "http_build_query($fields, '', '&'), where arg_separator.output is &amp; otherwise",
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
    reads=Part.HEADERS | Part.BODY,
    seen=True,
)
def body_not_form(request: TokenRequest) -> Problems:
    """Find a POST without any field, another media type or none, and a body that is only labelled a form (D26)."""
    media_type, body = request.request.media_type, request.request.body
    if request.disguise:
        yield Problem(
            message="the body of the token request is labelled as a form, and is not one",
            expected="grant_type=password&username=…&password=…&client_id=…, each value form-encoded",
            received=f"Content-Type: {FORM}, and {request.disguise}",
            parameter="Content-Type",
        )
    if request.request.method == "POST" and not body and not request.names:
        yield Problem(
            message="the token request has no body",
            expected="grant_type=password&username=…&password=…&client_id=…, with every try",
            received="no byte of a body, and no field in the URL",
            missing=True,
            fix="Make the body anew for a retry or a redirect: a stream that was read once is empty.",
        )
    if media_type == FORM or not body:
        return
    yield Problem(
        message="the body of the token request is not sent as a form",
        expected=f"Content-Type: {FORM}",
        received="no Content-Type" if media_type is None else f"Content-Type: {quote(media_type)}",
        parameter="Content-Type",
        missing=media_type is None,
    )
