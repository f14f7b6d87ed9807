"""Token requests in recordings that nothing ties to BlastIQ: what they were, and how to have them judged."""

import shlex
from collections.abc import Iterable, Iterator

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.evidence.hosts import host_of
from blastiq_conformance.sources.ownership import asks_for_token
from fake_idp.classify import Kind
from fake_idp.wire import Request

# A browser's recording may show many.
_MOST = 5
_TOKEN_PATH = "/connect/token"  # noqa: S105 - an address


def unjudged_grants(evidences: Iterable[Evidence]) -> list[str]:
    """Name each host that was asked for a token and is not known as BlastIQ's, and the option to have it judged."""
    asked = grouped((host_of(request.host), request) for request in _foreign(evidences))
    notes = [_note(requests) for _, requests in sorted(asked.items())[:_MOST]]
    if len(asked) > _MOST:
        notes.append(f"{len(asked) - _MOST} more hosts were asked for a token, and not judged")
    return notes


def _foreign(evidences: Iterable[Evidence]) -> Iterator[Request]:
    for evidence in evidences:
        # The kit knows who answered in its own recordings.
        if evidence.facts.issued:
            continue
        yield from (x.request for x in evidence.judged if x.kind is Kind.OTHER and asks_for_token(x.request))


def _note(requests: list[Request]) -> str:
    first = requests[0]
    times = "" if len(requests) == 1 else f" {len(requests)} times"
    return (
        f"{first.host} was asked for a token{times}, and nothing ties that to BlastIQ: neither client id nor host nor "
        f"a discovery document. If it is a sign-in to BlastIQ, have it judged by --authority {_authority(first)}"
    )


def _authority(request: Request) -> str:
    path = request.path
    base = path[: -len(_TOKEN_PATH)] if path.lower().endswith(_TOKEN_PATH) else ""
    return shlex.quote(f"{request.origin}{base}")
