"""BIQ602: no access token in a URL of the API."""

from blastiq_conformance.catalogue import Level, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import api_calls
from blastiq_conformance.evidence.api_call import ApiCall, TokenPlace


@rule(
    id="BIQ602",
    level=Level.MUST_NOT,
    title="No access token in the URL of an API call",
    why="URLs are written to access logs, browser histories and proxies, and are sent on as Referer. Whoever reads one "
    "of those can use the token until it expires. Current best practice forbids the query parameter.",
    instead="Send the token in the Authorization header only.",
    references=("RFC 9700 4.3.2", "RFC 6750 2.3"),
    fixes={"requests-oauthlib": "leave default_token_placement at auth_header"},
    good=story(signed_in(), called()),
    bad=story(signed_in(), f"GET /api?access_token={TOKEN_1}\nHTTP/1.1 401 Unauthorized\n\n", "exit: 1"),
    # The same token is a secret in a URL.
    companions=("BIQ704",),
    select=api_calls,
)
def token_in_query(call: ApiCall) -> Problems:
    """Find issued tokens in the query, and parameters called access_token."""
    for sent in call.tokens if "?" in call.request.target else ():
        if sent.place is TokenPlace.QUERY and sent.token:
            yield Problem(
                message="the access token stands in the URL",
                expected="no token in the query: the Authorization header carries it",
                received=f"query parameter {quote(sent.name)}={quote(sent.token)}",
                parameter=quote(sent.name),
            )
