"""The failure at which a run gave up: it ended without a token, or with fewer good calls than were asked for (D45)."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from blastiq_conformance.evidence import ApiCall, Child, Evidence
from blastiq_conformance.evidence.browser_answer import brought
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Ending

# Scenarios in which the fake does not answer; elsewhere the client left, or no answer was recorded.
_SILENCE = frozenset({"connection-lost", "hangs"})
# Scenarios in which the browser brings another answer than the one asked for.
_FOREIGN_ANSWER = frozenset({"attended-wrong-state", "attended-mix-up"})


@dataclass(frozen=True, kw_only=True)
class FinalFailure:
    """The last failure of a run that gave up, and how its process ended.

    `exchange` is None where what failed is not a request: a handshake, or missing credentials. Of the `wanted` calls,
    `good` succeeded. `failures` is how many requests failed for good. `tried`: anything was sent at all; `is_last`:
    nothing was sent afterwards. `foreign`: the browser brought an answer that a client may ignore while it waits for
    the right one.
    """

    exchange: Exchange | None
    child: Child
    has_token: bool
    good: int
    wanted: int
    failures: int
    tried: bool
    is_last: bool
    foreign: bool


def final_failure(evidence: Evidence) -> FinalFailure | None:
    """Find the final failure; None where the work was done or nothing failed: fewer calls may be by design."""
    child = evidence.child
    # The status of a service that the kit stopped says nothing.
    if child is None or child.stopped:
        return None
    good, wanted = sum(_is_good(evidence, call) for call in evidence.api_calls), _wanted(evidence)
    has_token = bool(evidence.access_tokens)
    if good >= wanted and (has_token or good):
        return None
    people = (Kind.IDENTITY,) if evidence.facts.flow == "attended" else ()
    tried = evidence.of_kind(Kind.DISCOVERY, Kind.TOKEN, Kind.API, *people)
    failed = _unmended(evidence, tried)
    if not failed and not _was_distrusted(evidence) and (has_token or not _is_due(evidence)):
        return None
    last = failed[-1] if failed else None
    return FinalFailure(
        exchange=last,
        child=child,
        has_token=has_token,
        good=good,
        wanted=wanted,
        failures=len(failed),
        tried=bool(tried),
        is_last=last is not None and tried[-1] is last,
        foreign=last is not None and is_foreign(evidence, last),
    )


def is_foreign(evidence: Evidence, exchange: Exchange) -> bool:
    """Whether the browser brought a code that belongs to another request, or was given by another server."""
    return exchange.kind is Kind.IDENTITY and evidence.facts.scenario in _FOREIGN_ANSWER and "code" in brought(exchange)


def _wanted(evidence: Evidence) -> int:
    """How many of the calls asked for the client makes where nothing is odd."""
    asked, control = evidence.facts.api_calls, evidence.control
    if control is None or not control.access_tokens:
        return asked
    # Where the last call failed there as well, nobody knows how many it would have made.
    if control.api_calls and not control.api_calls[-1].accepted:
        return asked
    return min(asked, sum(call.accepted for call in control.api_calls))


def _is_good(evidence: Evidence, call: ApiCall) -> bool:
    if call.status in evidence.facts.skips:
        return True
    response = call.exchange.response
    return call.accepted and response is not None and response.delivery.ending is Ending.COMPLETE


def _unmended(evidence: Evidence, tried: Sequence[Exchange]) -> list[Exchange]:
    """Give the failures that were not made good: a token or document that came in the end makes up for those before."""
    last = {exchange.kind: exchange.number for exchange in tried}
    helpful = {request.exchange.number for request in evidence.token_requests if request.access_token}
    helpful.update(document.exchange.number for document in evidence.documents if document.token_endpoint)
    return [
        exchange
        for exchange in tried
        if _failed(evidence, exchange, helpful)
        and (not evidence.access_tokens or exchange.kind is Kind.API or last[exchange.kind] == exchange.number)
    ]


def _failed(evidence: Evidence, exchange: Exchange, helpful: Container[int]) -> bool:
    """Whether nothing came of it; `helpful` are the exchanges that brought a token, or an endpoint to get one at."""
    response = exchange.response
    if response is None:
        return evidence.facts.scenario in _SILENCE
    if response.delivery.ending is not Ending.COMPLETE:
        return True
    if exchange.kind is Kind.API:
        return not 200 <= response.status < 300 and response.status not in evidence.facts.skips
    if response.status >= 400:
        return True
    match exchange.kind:
        case Kind.TOKEN | Kind.DISCOVERY:
            return exchange.number not in helpful
        case _:
            # Where a person said no, the browser brings the error to the client (RFC 6749 4.1.2.1).
            return "error" in brought(exchange) or is_foreign(evidence, exchange)


def _was_distrusted(evidence: Evidence) -> bool:
    """Whether a handshake failed, so that nothing could follow it."""
    return any("TLS handshake" in connection.ending for connection in evidence.connections)


def _is_due(evidence: Evidence) -> bool:
    """Whether a token should have come, though no answer was bad: none could be asked for, or the control got one."""
    facts, control = evidence.facts, evidence.control
    if facts.username == "":
        return True
    # Where nothing is odd, it is BIQ808's; and nobody knows what an unrecorded answer brought.
    odd = facts.scenario != "" and not facts.benign
    known = all(request.status is not None for request in evidence.token_requests)
    return odd and known and control is not None and bool(control.access_tokens)
