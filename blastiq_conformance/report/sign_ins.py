"""How the token requests were answered: their number, and the errors of those that were refused (D52)."""

from collections.abc import Iterable
from dataclasses import dataclass

from blastiq_conformance.evidence.quotation import Text, quote
from blastiq_conformance.evidence.token_request import TokenRequest
from blastiq_conformance.report.account import Judgement
from blastiq_conformance.report.shape import TokenRequestsShape

_MOST_NAMED = 20
# No OAuth error is as long.
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIns:
    """Token requests that were seen, answered, and refused, and the refusals, each once."""

    seen: int = 0
    answered: int = 0
    refused: int = 0
    refusals: tuple[str, ...] = ()

    @property
    def all_refused(self) -> bool:
        """Whether there were answers and all were refusals, so that nothing shows that this client can sign in."""
        return 0 < self.answered == self.refused

    @property
    def shows_one(self) -> bool:
        """Whether a recording with these shows that a client can sign in, as far as it shows answers."""
        return self.seen > 0 and not self.all_refused

    @property
    def unanswered(self) -> bool:
        """Whether there are token requests without a single answer."""
        return self.seen > 0 and not self.answered

    def show(self) -> TokenRequestsShape:
        """Give them as they are reported."""
        return {
            "seen": self.seen,
            "answered": self.answered,
            "refused": self.refused,
            "refusals": list(self.refusals),
        }


def sign_ins(judgements: Iterable[Judgement]) -> SignIns:
    """Count what was seen; refusals of a scenario do not count, for they are on purpose."""
    requests = [
        (request, judgement.scenario) for judgement in judgements for request in judgement.evidence.token_requests
    ]
    refusals = [_refusal(request) for request, scenario in requests if not scenario]
    found = [refusal for refusal in refusals if refusal]
    return SignIns(
        seen=len(requests),
        answered=sum(request.status is not None for request, _ in requests),
        refused=len(found),
        refusals=tuple(dict.fromkeys(found)),
    )


def refused_recordings(judgements: Iterable[Judgement]) -> list[str]:
    """Name the recordings in which every sign-in was refused, if others show that the client can sign in."""
    found = [(judgement, sign_ins((judgement,))) for judgement in judgements]
    if all(seen.all_refused or not seen.answered for _, seen in found):
        return []
    refused = [(judgement, seen) for judgement, seen in found if seen.all_refused]
    notes = [
        Text(f"no sign-in of {judgement.file} succeeded: {quote(', '.join(seen.refusals))}")
        for judgement, seen in refused
    ]
    more = [f"nor one of {len(notes) - _MOST_NAMED} other recordings"] if len(notes) > _MOST_NAMED else []
    return [*notes[:_MOST_NAMED], *more]


def read_sign_ins(parts: Iterable[TokenRequestsShape]) -> SignIns:
    """Add up the token requests of several reports."""
    parts = list(parts)
    return SignIns(
        seen=sum(part["seen"] for part in parts),
        answered=sum(part["answered"] for part in parts),
        refused=sum(part["refused"] for part in parts),
        refusals=tuple(dict.fromkeys(refusal for part in parts for refusal in part["refusals"])),
    )


def _refusal(request: TokenRequest) -> str:
    """Say how a token request was refused; empty if it was not, or if that is unknown."""
    status = request.status
    # An answer whose body was removed from the recording may have held a token.
    if status is None or (200 <= status < 300 and request.error is None):
        return ""
    return f"{status} {request.error[:_LONGEST]}" if request.error else str(status)
