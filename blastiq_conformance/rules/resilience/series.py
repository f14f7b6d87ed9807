"""Rows of requests to one address: the first try and its retries, as long as each one failed."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from blastiq_conformance.evidence import Evidence, Exchange, Kind
from blastiq_conformance.evidence.clients import callers

# N8: between the times that the kit notes and those that the client sees.
TOLERANCE = 0.05
# D41: this many tries in this many seconds, whatever the failure was.
MOST_TRIES, TRIES_WITHIN = 5, 60.0
# More requests than these in this many seconds are a storm (BIQ802 and BIQ827: D41, D42).
STORM, STORM_WITHIN = 10, 10.0
# This long after a failure another try is not a retry but the next scheduled run.
NEXT_RUN = 60.0


# Requests to one address in order; all failed but the last, which may have worked.
Series = tuple[Exchange, ...]


def series(evidence: Evidence, failed: Callable[[Exchange], bool]) -> Iterator[Series]:
    """Give each row that begins with a failure."""
    rows: dict[tuple[Kind, str, str], list[Exchange]] = {}
    caller = callers(evidence.judged)
    for exchange in evidence.judged:
        # Another process tries for itself (D40).
        address = exchange.kind, exchange.request.path, caller(exchange)
        row = rows.get(address)
        if row is not None and exchange.started < row[-1].ended:
            # Processes at once are not each other's retries; those of one process have one address anyway.
            address = exchange.kind, exchange.request.path, exchange.client
            row = rows.get(address)
        if row is not None and exchange.started - row[-1].ended > NEXT_RUN:
            yield tuple(rows.pop(address))
            row = None
        if failed(exchange):
            rows.setdefault(address, []).append(exchange)
        elif row is not None:
            yield (*rows.pop(address), exchange)
    yield from map(tuple, rows.values())


def most_within(exchanges: Iterable[Exchange], seconds: float) -> int:
    """Count the requests in the fullest window of this many seconds, wherever it starts (N8)."""
    starts = sorted(exchange.started for exchange in exchanges)
    most = first = 0
    for index, start in enumerate(starts):
        while start - starts[first] >= seconds - TOLERANCE:
            first += 1
        most = max(most, index - first + 1)
    return most


def has_sequential_calls(evidence: Evidence) -> bool:
    """Whether the pauses between calls can be measured; a target that was told to call in parallel is BIQ510's."""
    return evidence.timed and len(evidence.api_calls) > 1 and not evidence.facts.concurrency


def unheeding(evidence: Evidence) -> float:
    """Give the seconds after an answer in which the next request cannot have heeded it: none for most clients.

    A client that calls without pause where nothing is odd sends its next call before it can have read a refusal (N8).
    """
    calls = () if evidence.control is None else evidence.control.of_kind(Kind.API)
    return TOLERANCE if any(later.started - call.started < TOLERANCE for call, later in pairwise(calls)) else 0.0
