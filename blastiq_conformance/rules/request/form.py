"""BIQ201 to BIQ204: a token request is a POST of a form, and the query of its endpoint is the server's own."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import DISCOVERED, SIGN_IN, story
from blastiq_conformance.catalogue.request_form import in_query, not_a_form, not_posted
from blastiq_conformance.evidence import Evidence, TokenRequest, password_grants
from fake_idp.wire import FORM

_WITH_QUERY = DISCOVERED.replace('/token"}', '/token?t=1"}')


@rule(
    id="BIQ201",
    level=Level.MUST,
    title="The token request is a POST",
    why="The article asks for a POST, and OAuth allows nothing else at the token endpoint: a GET carries the password "
    "in its URL, where proxies and servers log it. IdentityServer answers other methods with invalid_request.",
    instead="Send POST with the parameters in the body.",
    references=("A27", "RFC 6749 3.2"),
    fixes={
        "curl": "drop -G and -X GET; --data-urlencode posts by itself, the password by standard input: password@-",
        "axios": "axios.post(url, body)",
    },
    bad=SIGN_IN.replace("POST", "PUT"),
    select=password_grants,
    reads=Part.NOTHING,
)
def token_request_not_posted(request: TokenRequest) -> Problems:
    """Find every other method."""
    return not_posted(request)


@rule(
    id="BIQ202",
    level=Level.MUST,
    title="The body is application/x-www-form-urlencoded and says so",
    why="The article and OAuth ask for a form. IdentityServer looks at the media type first and answers JSON, "
    "multipart, plain text or a missing Content-Type with invalid_request; in JSON that is labelled as a form, or in a "
    "form that was encoded as a whole, quoted or parted otherwise, it does not find the fields.",
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
    good=SIGN_IN.replace("urlencoded", "urlencoded; charset=UTF-8"),
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
    """Find a body that is not a form, or only labelled as one."""
    return not_a_form(request)


@rule(
    id="BIQ203",
    level=Level.MUST,
    title="Parameters travel in the body, never in the URL",
    why="The article puts the variables into the body of the POST. IdentityServer does not read them from the query, "
    "and a URL with a password in it ends up in the logs of every proxy and server on its way.",
    instead="Move every parameter from the URL into the form body.",
    references=("A27", "RFC 6749 2.3.1", "RFC 6749 4.3.2"),
    fixes={
        "axios": "second argument of axios.post, not params",
        "requests, httpx": "data=, not params=",
        "curl": "--data-urlencode without -G, and the password by standard input: password@-",
    },
    bad="""
POST /identity/connect/token?grant_type=password&client_id=external.customer
Content-Type: application/x-www-form-urlencoded

username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs
""",
    select=password_grants,
    reads=Part.NOTHING,
)
def parameter_in_query(request: TokenRequest) -> Problems:
    """Find OAuth parameters in the query."""
    return in_query(request)


def _to_endpoint_with_query(evidence: Evidence) -> Sequence[TokenRequest]:
    # A request to another path did not come from discovery at all: that is BIQ103.
    return [x for x in evidence.token_requests if "?" in x.endpoint and _path(x.endpoint) == x.request.path]


def _path(endpoint: str) -> str:
    rest = endpoint.partition("?")[0].partition("://")[2]
    return "/" + rest.partition("/")[2]


@rule(
    id="BIQ204",
    level=Level.MUST,
    severity=Severity.WARNING,
    title="The query of the advertised token endpoint is kept",
    why="The address of a token endpoint may have a query of its own, which OAuth wants kept when parameters are "
    "added. A client that drops it when it takes the address apart calls another resource.",
    instead="Use the token_endpoint as it stands in the discovery document.",
    references=("RFC 6749 3.2",),
    fixes={"httpx": "params= replaces the query of the address; post to it as it is, with the form as data="},
    good=story(_WITH_QUERY, SIGN_IN.replace("/token", "/token?t=1")),
    bad=story(_WITH_QUERY, SIGN_IN),
    select=_to_endpoint_with_query,
    shown_by=ShownBy.ANY_SIGN_IN,
    reads=Part.NOTHING,
)
def endpoint_query_lost(request: TokenRequest) -> Problems:
    """Find parts of the advertised query that did not arrive; others may be added (D29)."""
    sent = {(pair.name, pair.value) for pair in request.request.query}
    if lost := request.advertised - sent:
        yield Problem(
            message="the query of the advertised token endpoint did not arrive",
            expected=f"POST {quote(request.endpoint)}",
            received=quote(request.request.method, request.request.target),
            parameter=quote(min(lost)[0]),
        )
