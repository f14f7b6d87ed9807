"""BIQ606: a token that is known to have expired is no longer used."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, ShownBy, rule
from blastiq_conformance.catalogue.example_messages import RENEWED, TOKEN_2, called, died, signed_in
from blastiq_conformance.evidence import ApiCall, Evidence
from blastiq_conformance.evidence.selection import Selection
from fake_idp.journal import Exchange

# A longer lifetime never ends, and no clock can be set by it.
_FOREVER = 10**12
# Between the server's clock and the client's, and for the way of the answer.
_TOLERANCE = 5.0
_USED_ANEW = f"{RENEWED}\n### +1.5\n{called(TOKEN_2)}"


@dataclass(frozen=True, kw_only=True)
class _LateCall:
    """A call after some token had expired: `late` by this much for its own, `renewed` where a token came afterwards."""

    call: ApiCall
    late: float
    renewed: bool

    @property
    def exchange(self) -> Exchange:
        """The exchange that this is about."""
        return self.call.exchange


def _late_calls(evidence: Evidence) -> Sequence[_LateCall]:
    ends: dict[str, float] = {}
    issued: list[int] = []
    for request in evidence.token_requests:
        seconds = request.answer.get("expires_in")
        if request.access_token is None:
            continue
        issued.append(request.exchange.number)
        if isinstance(seconds, int) and not isinstance(seconds, bool) and seconds > 0:
            ends[request.access_token] = request.exchange.ended + min(seconds, _FOREVER) + _TOLERANCE
    if not ends:
        return ()
    first, checked, suspects = min(ends.values()), 0, []
    for call in evidence.api_calls:
        started = call.exchange.started
        if started <= first:
            continue
        checked += 1
        end = ends.get(call.issued_token or "", started)
        if started > end or call.exchange.edited:
            renewed = bisect_right(issued, call.exchange.number) < len(issued)
            suspects.append(_LateCall(call=call, late=started - end, renewed=renewed))
    return Selection(suspects, checked=checked)


@rule(
    id="BIQ606",
    level=Level.SHOULD,
    title="An access token that has expired is renewed before the next call",
    why="The answer said how long the token lives. A call with an expired one is refused, and costs a round trip and "
    "one of the few calls that the limits allow. Renewing after the 401 works too, and is only slower.",
    instead="Note expires_in when the token comes, and renew shortly before it expires; still renew on 401.",
    references=("RFC 6749 7", "RFC 6749 5.1"),
    good=f"{signed_in()}\n### +3700\n{_USED_ANEW}",
    bad=f"{signed_in()}\n### +3700\n{died()}\n###\n{_USED_ANEW}",
    select=_late_calls,
    reads=Part.RESPONSE,
    shown_by=ShownBy.IN_PROCESS,
)
def expired_token_used(late: _LateCall) -> Problems:
    """Find calls with an expired token; an info where a renewal followed."""
    if late.late > 0:
        yield Problem(
            message="the API was called with a token that had expired",
            expected="a renewal before the call",
            received=f"a token that had expired {late.late + _TOLERANCE:.0f} s before",
            severity=Severity.INFO if late.renewed else None,
        )
