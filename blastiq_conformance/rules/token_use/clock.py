"""BIQ609: a clock difference does no harm."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import (
    REFRESH_2,
    TOKEN_1,
    TOKEN_2,
    called,
    granted,
    signed_in,
    story,
)
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.evidence.clients import MAY_BE_SEVERAL, clients

_SCENARIO = "clock-skew"
_FACTS = f"facts: scenario = {_SCENARIO}, api_calls = 2"


@rule(
    id="BIQ609",
    level=Level.SHOULD,
    title="The integration works when the server's clock differs by minutes",
    why="The answer gives a lifetime in seconds, so that the two clocks need not agree. A client that compares exp or "
    "nbf inside the token with its own clock takes a valid token for expired, or for not yet valid.",
    instead="Count expires_in from the moment the answer came; leave the times inside the token to the API.",
    references=("RFC 6749 5.1", "RFC 9068 6"),
    good=story(_FACTS, signed_in(), called(), called()),
    bad=story(_FACTS, signed_in(), called(TOKEN_1), signed_in(granted(TOKEN_2, REFRESH_2)), called(TOKEN_2)),
    select=where(lambda evidence: evidence.facts.scenario == _SCENARIO and evidence.access_tokens),
    reads=Part.RESPONSE,
)
def clocks_compared(evidence: Evidence) -> Problems:
    """Find a token that was never used, and tokens that a client fetched between calls though none was refused."""
    tokens = evidence.access_tokens
    found = [client for client in clients(evidence) if any(client.fetches)]
    if not evidence.used_tokens:
        yield Problem(
            message="the token was not used while the server's clock differed",
            expected="calls of the API with the token that came",
            received="no call of the API with it",
            exchange=max(tokens.values()),
            missing=True,
            symptom=Symptom.NO_CALL,
        )
    elif found:
        client = found[0]
        yield Problem(
            message="valid tokens were thrown away while the server's clock differed",
            expected="one token for all calls: expires_in says how long it lives",
            received=f"{len(client.issued)} tokens for {len(client.calls)} calls of the API",
            exchange=sorted(exchange.number for exchange in client.issued.values())[1],
            doubt=MAY_BE_SEVERAL if client.may_be_several else "",
            symptom=Symptom.NEEDLESS_TOKENS,
        )
