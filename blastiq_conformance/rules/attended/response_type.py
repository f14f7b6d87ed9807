"""BIQ903: the browser brings a code, not an access token."""

from blastiq_conformance.catalogue import Level, Problem, Problems, quote, rule
from blastiq_conformance.rules.attended.authorization import Authorization, authorizations
from blastiq_conformance.rules.attended.messages import ASKED, attended


@rule(
    id="BIQ903",
    level=Level.SHOULD_NOT,
    title="response_type is code: no access token passes through the browser",
    why="What passes through the browser is kept in its history, can be read by its extensions and by the next page, "
    "and can be planted by somebody else. A code is worth nothing without the verifier; an access token is the key. An "
    "id_token beside the code opens nothing.",
    instead="Send response_type=code.",
    references=("RFC 9700 2.1.2",),
    fixes={"oidc-client-ts": "response_type: 'code', which is its default", "MSAL": "the code flow, its default"},
    good=attended(),
    bad=attended(ASKED.replace("response_type=code", "response_type=code+token")),
    select=authorizations,
)
def token_through_the_browser(authorization: Authorization) -> Problems:
    """Find response types that bring an access token; RFC 9700 2.1.2 itself names `code id_token` as a right one."""
    wanted = authorization.asked.get("response_type", "")
    if "token" in wanted.split():
        yield Problem(
            message="the authorization request asks for an access token through the browser",
            expected="response_type=code",
            received=f"response_type={quote(wanted)}",
            parameter="response_type",
        )
