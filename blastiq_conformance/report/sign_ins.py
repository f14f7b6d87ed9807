"""How the token requests were answered: their number, and the errors of those that were refused (D52)."""

from collections.abc import Iterable

from blastiq_conformance.evidence.quotation import Text, quote
from blastiq_conformance.evidence.token_request import TokenRequest
from blastiq_conformance.report.account import Judgement
from blastiq_conformance.report.shape import TokenRequestsShape

_MOST_NAMED = 20
# No OAuth error is as long.
_LONGEST = 60


def sign_ins(judgements: Iterable[Judgement]) -> TokenRequestsShape:
    """Count what was seen; refusals of a scenario do not count, for they are on purpose."""
    requests = [
        (request, judgement.scenario) for judgement in judgements for request in judgement.evidence.token_requests
    ]
    found = [refusal for request, scenario in requests if not scenario and (refusal := _refusal(request))]
    return {
        "seen": len(requests),
        "answered": sum(request.status is not None for request, _ in requests),
        "refused": len(found),
        "refusals": list(dict.fromkeys(found)),
    }


def put_together(parts: Iterable[TokenRequestsShape]) -> TokenRequestsShape:
    """Add up the token requests of several reports."""
    parts = list(parts)
    return {
        "seen": sum(part["seen"] for part in parts),
        "answered": sum(part["answered"] for part in parts),
        "refused": sum(part["refused"] for part in parts),
        "refusals": list(dict.fromkeys(refusal for part in parts for refusal in part["refusals"])),
    }


def all_refused(seen: TokenRequestsShape) -> bool:
    """Whether there were answers and all were refusals, so that nothing shows that this client can sign in."""
    return 0 < seen["answered"] == seen["refused"]


def shows_one(seen: TokenRequestsShape) -> bool:
    """Whether a recording with these shows that a client can sign in, as far as it shows answers."""
    return seen["seen"] > 0 and not all_refused(seen)


def refused_recordings(judgements: Iterable[Judgement]) -> list[str]:
    """Name the recordings in which every sign-in was refused, if others show that the client can sign in."""
    found = [(judgement, sign_ins((judgement,))) for judgement in judgements]
    if all(all_refused(seen) or not seen["answered"] for _, seen in found):
        return []
    refused = [(judgement, seen) for judgement, seen in found if all_refused(seen)]
    notes = [
        Text(f"no sign-in of {judgement.file} succeeded: {quote(', '.join(seen['refusals']))}")
        for judgement, seen in refused
    ]
    more = [f"nor one of {len(notes) - _MOST_NAMED} other recordings"] if len(notes) > _MOST_NAMED else []
    return [*notes[:_MOST_NAMED], *more]


def _refusal(request: TokenRequest) -> str:
    """Say how a token request was refused; empty if it was not, or if that is unknown."""
    status = request.status
    # An answer whose body was removed from the recording may have held a token.
    if status is None or (200 <= status < 300 and request.error is None):
        return ""
    return f"{status} {request.error[:_LONGEST]}" if request.error else str(status)
