"""BIQ008: a redirect of the API does not carry the token to another origin."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, signed_in
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.rules.transport.redirections import Redirection, redirections, text_of
from fake_idp.classify import Kind

_REDIRECTED = f"""{signed_in()}
###
GET https://api.example/api
Authorization: Bearer {TOKEN_1}
HTTP/1.1 302 Found
Location: https://elsewhere.example/moved

###
"""


def _select(evidence: Evidence) -> Sequence[Redirection]:
    return [redirection for redirection in redirections(evidence, Kind.API) if redirection.leaves_origin]


@rule(
    id="BIQ008",
    level=Level.MUST,
    title="The token does not follow a redirect of the API to another origin",
    why="Anyone who can make the API redirect once gets the token, and with it the customer's data. Good libraries "
    "drop the Authorization header where the host changes; custom headers stay, and older libraries drop nothing.",
    instead="Follow redirects of the API by hand, within its origin; or drop the Authorization header at any other.",
    references=("RFC 6750 5.3", "RFC 9110 15.4"),
    fixes={
        "curl": "--location alone drops it: no --location-trusted",
        "requests, Go, fetch": "they drop it: do not put it back in a hook",
        "Python urllib": "request.add_unredirected_header('Authorization', ...), in place of add_header",
        "C#": "HttpClientHandler drops it; default headers of another client do not",
    },
    good=f"""{_REDIRECTED}
GET https://elsewhere.example/moved
HTTP/1.1 404 Not Found

###
exit: 1
""",
    bad=f"""{_REDIRECTED}
GET https://elsewhere.example/moved
Authorization: Bearer {TOKEN_1}
HTTP/1.1 404 Not Found

###
exit: 1
""",
    companions=("BIQ610",),
    select=_select,
    reads=Part.HEADERS | Part.BODY,
)
def token_follows_redirect(redirection: Redirection) -> Problems:
    """Find requests to the other origin that carry an access token anywhere."""
    for exchange in redirection.followed:
        request = exchange.request
        if redirection.canaries.token_search.find(text_of(request)):
            yield Problem(
                message=f"a redirect ({redirection.status}) of the API was followed to another origin with the token",
                expected="the request without the token, or none at all",
                received=f"{quote(request.method, request.url)} with the access token",
                exchange=exchange.number,
            )
            return
