"""The messages that the examples of this family are made of: an authorization request, its answer, the exchange."""

from blastiq_conformance.catalogue.example_messages import answered, granted, story

FLOW = "facts: flow = attended"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
REDIRECT_URI = "http%3A%2F%2F127.0.0.1%3A49152%2Fcallback"
# The verifier and challenge of RFC 7636, appendix B.
ASKED = (
    f"GET /identity/connect/authorize?response_type=code&client_id=external.customer&redirect_uri={REDIRECT_URI}"
    "&scope=openid+cosmos&state=af0ifjsldkj&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    "&code_challenge_method=S256"
)
ANSWERED = "HTTP/1.1 302 Found\nLocation: http://127.0.0.1:49152/callback?code=5C0E1F7A9B3D48E2&state=af0ifjsldkj"
EXCHANGE = f"""POST /identity/connect/token
Content-Type: application/x-www-form-urlencoded

grant_type=authorization_code&code=5C0E1F7A9B3D48E2&redirect_uri={REDIRECT_URI}
&client_id=external.customer&code_verifier={VERIFIER}"""
EXCHANGED = f"{EXCHANGE}\n{answered(granted())}"


def attended(asked: str = ASKED, answer: str = ANSWERED, *then: str) -> str:
    """Give a sign-in by a person: what was asked, what came back, and what the client did then."""
    return story(FLOW, f"{asked}\n{answer}", *(then or (EXCHANGED,)))
