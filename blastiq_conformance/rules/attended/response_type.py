"""BIQ903: the browser brings a code, not a token."""

from blastiq_conformance.catalogue import Level, Problem, Problems, quote, rule
from blastiq_conformance.rules.attended.authorization import Authorization, authorizations
from blastiq_conformance.rules.attended.messages import ASKED, attended


@rule(
    id="BIQ903",
    level=Level.SHOULD_NOT,
    title="response_type is code: no token passes through the browser",
    why="What passes through the browser is kept in its history, can be read by its extensions and by the next page, "
    "and can be planted by somebody else. A code is worth nothing without the verifier; a token is the key.",
    instead="Send response_type=code.",
    references=("RFC 9700 2.1.2",),
    fixes={"oidc-client-ts": "response_type: 'code', which is its default", "MSAL": "the code flow, its default"},
    good=attended(),
    bad=attended(ASKED.replace("response_type=code", "response_type=code+id_token")),
    select=authorizations,
)
def token_through_the_browser(authorization: Authorization) -> Problems:
    """Find response types that bring a token, alone or beside the code."""
    wanted = authorization.asked.get("response_type", "")
    if {"token", "id_token"} & set(wanted.split()):
        yield Problem(
            message="the authorization request asks for a token through the browser",
            expected="response_type=code",
            received=f"response_type={quote(wanted)}",
            parameter="response_type",
        )
