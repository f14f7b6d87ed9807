"""The workers of a client: each has a token of its own, and the tokens that replaced it (D40)."""

from dataclasses import dataclass

from blastiq_conformance.evidence.api_call import ApiCall
from blastiq_conformance.evidence.challenge import challenges
from blastiq_conformance.evidence.clients import Client
from blastiq_conformance.evidence.succession import successions
from blastiq_conformance.evidence.token_request import TokenRequest


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Some calls of a client, without challenges, and the token requests that may have been for them."""

    calls: tuple[ApiCall, ...]
    token_requests: tuple[TokenRequest, ...]


def workers(client: Client) -> tuple[Worker, ...]:
    """Part a client by its tokens; callers that share one are one worker."""
    left_out = challenges(client)
    if client.breadth == 1:
        made = tuple([call for call in client.calls if call.exchange.number not in left_out])
        return (Worker(calls=made, token_requests=client.token_requests),)
    lines: dict[str, int] = {}
    for each in successions(client):
        before = each.old.access_token if each.old is not None else None
        lines[each.new.access_token or ""] = lines.get(before or "", len(lines))
    calls: dict[int, list[ApiCall]] = {}
    current = 0
    for call in client.calls:
        # A call without an issued token belongs to the worker of the call before it.
        current = lines.get(call.issued_token or "", current)
        if call.exchange.number not in left_out:
            calls.setdefault(current, []).append(call)
    return tuple(
        Worker(
            calls=tuple(made), token_requests=tuple(x for x in client.token_requests if _is_for(x, line, lines, calls))
        )
        for line, made in calls.items()
    )


def _is_for(request: TokenRequest, line: int, lines: dict[str, int], calls: dict[int, list[ApiCall]]) -> bool:
    # Any of them may have asked for a token that was never used or never came.
    its = lines.get(request.access_token or "", line)
    return its == line or its not in calls
