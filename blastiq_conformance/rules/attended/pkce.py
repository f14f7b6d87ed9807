"""BIQ902: PKCE with S256."""

import re

from blastiq_conformance.catalogue import Level, Problem, Problems, quote, rule
from blastiq_conformance.rules.attended.authorization import Authorization, authorizations
from blastiq_conformance.rules.attended.messages import ASKED, VERIFIER, attended

_DIGEST = re.compile(r"[A-Za-z0-9_-]{43}")


@rule(
    id="BIQ902",
    level=Level.MUST,
    title="The authorization request carries a PKCE challenge with S256",
    why="On a desktop or phone another program can catch the code on its way back, and a public client has no secret "
    "that would make it worthless. With PKCE the code is good only together with a verifier that never left the "
    "client. The method plain shows the verifier to whoever sees the request, and so protects nothing.",
    instead="Make a fresh random verifier for each sign-in and send its SHA-256 with code_challenge_method=S256.",
    references=("RFC 8252 6", "RFC 7636 4.2", "RFC 9700 2.1.1"),
    fixes={
        "openid-client": "generators.codeVerifier() and generators.codeChallenge()",
        "authlib": "OAuth2Session(…, code_challenge_method='S256') and a code_verifier",
        "AppAuth": "it does so unless setCodeVerifier(null) is called",
    },
    good=attended(),
    bad=attended(
        ASKED.replace(
            "code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", f"code_challenge={VERIFIER}"
        ).replace("S256", "plain")
    ),
    select=authorizations,
)
def code_without_pkce(authorization: Authorization) -> Problems:
    """Find a challenge that is missing, plain, or not a SHA-256, where a code is asked for."""
    asked = authorization.asked
    if "code" not in asked.get("response_type", "").split():
        return
    challenge, method = asked.get("code_challenge"), asked.get("code_challenge_method")
    if challenge is None:
        message, received = "the authorization request has no code_challenge", "no code_challenge parameter"
    elif method != "S256":
        message = "the challenge of the authorization request is the verifier itself"
        received = f"code_challenge_method={quote(method)}" if method else "no code_challenge_method, which means plain"
    elif not _DIGEST.fullmatch(challenge):
        message, received = (
            "the code_challenge is not a SHA-256 in base64url",
            f"code_challenge={quote(challenge[:100])}",
        )
    else:
        return
    yield Problem(
        message=message,
        expected="code_challenge of 43 characters and code_challenge_method=S256",
        received=received,
        parameter="code_challenge_method" if challenge and method != "S256" else "code_challenge",
    )
