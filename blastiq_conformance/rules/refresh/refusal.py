"""BIQ508: a refused refresh token is not tried again."""

from collections import Counter

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import REFUSED_RENEWAL, TOKEN_2, called, granted, signed_in, story
from blastiq_conformance.evidence import Evidence, TokenRequest, where

# One repetition is a slip, two are a loop; the same bound as for passwords: D9.
_LOOP = 2


def _refused(request: TokenRequest) -> bool:
    return request.status in {400, 401} and request.error is not None


@rule(
    id="BIQ508",
    level=Level.SHOULD_NOT,
    title="A refused refresh token is given up: one new sign-in, no loop",
    why="invalid_grant on a refresh means that this refresh token is no longer valid (RFC 6749 section 5.2), and the "
    "same request gets the same answer. A new sign-in brings a new one; a loop brings load, and looks like an attack.",
    instead="On an error, forget the refresh token and sign in once by the password grant; if that fails too, report "
    "and stop.",
    references=("RFC 6749 5.2",),
    good=story(signed_in(), REFUSED_RENEWAL, signed_in(granted(TOKEN_2)), called(TOKEN_2)),
    bad=story(signed_in(), REFUSED_RENEWAL, REFUSED_RENEWAL, signed_in(granted(TOKEN_2)), called(TOKEN_2)),
    select=where(lambda evidence: any(map(_refused, evidence.refreshes))),
    reads=Part.BODY | Part.RESPONSE,
)
def refused_refresh_repeated(evidence: Evidence) -> Problems:
    """Find each refresh token that was sent again after its refusal; a client that stops there is BIQ501."""
    refusals: dict[str, TokenRequest] = {}
    repeats: Counter[str] = Counter()
    for request in evidence.refreshes:
        # Where none was sent, that is BIQ502's, or BIQ506's.
        if not (refresh_token := request.value("refresh_token")):
            continue
        refusal = refusals.get(refresh_token)
        if refusal is not None and refusal.exchange.ended <= request.exchange.started:
            repeats[refresh_token] += 1
        elif _refused(request):
            refusals.setdefault(refresh_token, request)
    for refresh_token, times in repeats.items():
        number = refusals[refresh_token].exchange.number
        yield Problem(
            message=f"a refused refresh token was sent again, {times} times"
            if times > 1
            else "a refused refresh token was sent again",
            expected="one new sign-in by the password grant after the refusal",
            received=f"refresh_token={quote(refresh_token)}, refused in exchange {number}",
            parameter="refresh_token",
            exchange=number,
            severity=Severity.ERROR if times >= _LOOP else None,
        )
