"""BIQ201: a token request is a POST."""

from blastiq_conformance.catalogue import Level, Problem, Problems, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import TokenRequest, password_grants


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
    bad=SIGN_IN.replace("POST", "PUT", 1),
    select=password_grants,
)
def token_request_not_posted(request: TokenRequest) -> Problems:
    """Find every other method; OPTIONS and HEAD never come here (N1)."""
    if request.request.method != "POST":
        yield Problem(
            message="the token was requested with another method than POST",
            expected="POST",
            received=quote(request.request.method, request.request.path),
        )
