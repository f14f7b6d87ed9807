"""BIQ509: a refresh token goes to the token endpoint and nowhere else."""

import re
from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import REFRESH_1, TOKEN_1, signed_in, story
from blastiq_conformance.evidence import Evidence, where
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.secrets.patterns import SHORTEST_PREFIX

# Words of some length that may be a refresh token.
_WORD = re.compile(rf"[A-Za-z0-9._~-]{{{SHORTEST_PREFIX},}}")
# RFC 7009 and RFC 7662 take a refresh token in their body.
_TAKES_TOKENS = ("/connect/revocation", "/connect/introspect")


@rule(
    id="BIQ509",
    level=Level.MUST_NOT,
    title="A refresh token is sent to the token endpoint only",
    why="A refresh token is often worth weeks of access, and only the server that issued it may see it (RFC 6749 "
    "section 10.4). The API takes the access token; a refresh token sent there only lands in its logs.",
    instead="Send the access token to the API, and the refresh token to the token endpoint alone.",
    references=("RFC 6749 10.4",),
    bad=story(
        signed_in(), f"GET /api\nAuthorization: Bearer {TOKEN_1}\nX-Refresh-Token: {REFRESH_1}\nHTTP/1.1 200 OK\n\n"
    ),
    select=where(lambda evidence: evidence.refresh_tokens),
    reads=Part.BODY | Part.HEADERS,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def refresh_token_misdirected(evidence: Evidence) -> Problems:
    """Find an issued refresh token in the target, a header or the body of any other request."""
    for exchange in evidence.telling:
        if exchange.kind is Kind.TOKEN:
            continue
        for place, text in _places(exchange, evidence):
            if any(word in evidence.refresh_tokens for word in _WORD.findall(text)):
                yield Problem(
                    message=f"a request for the {exchange.kind} carries a refresh token",
                    expected="refresh tokens in requests to the token endpoint only",
                    received=f"{quote(exchange.request.method, exchange.request.path)}: a refresh token in the {place}",
                    parameter="refresh_token",
                    exchange=exchange.number,
                )


def _places(exchange: Exchange, evidence: Evidence) -> Iterator[tuple[str, str]]:
    request = exchange.request
    yield "URL", request.target
    for name, value in request.headers:
        # The access token where it belongs is by far the longest text of most requests, and not a refresh token.
        if not (value.startswith("Bearer ") and value[7:] in evidence.access_tokens):
            yield f"header {quote(name)}", value
    if request.body and not request.path.lower().endswith(_TAKES_TOKENS):
        yield "body", request.body.decode("latin-1")
