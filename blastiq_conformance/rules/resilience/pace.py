"""BIQ821 to BIQ826: how fast the API is called: its limits, calls in turn, and the pauses between them."""

from collections.abc import Iterator, Sequence
from functools import partial

from blastiq_conformance.catalogue import Level, Outcome, Problem, Problems, Severity, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.rules.resilience.series import TOLERANCE, has_sequential_calls, most_within
from fake_idp.classify import Kind
from fake_idp.journal import Exchange

_FOUR_HOURS = 4 * 3600.0
_TELLING = 3600.0

_limit = partial(
    rule,
    level=Level.MUST,
    why="The API's page names limits that BlastIQ enforces: 20 calls in 10 seconds, 60 in a minute, 1200 in four "
    "hours. What goes beyond them is refused, most likely with 429, and a client that runs into them loses data or "
    "time.",
    references=("S rate limits",),
    select=where(lambda evidence: evidence.api_calls and evidence.timed),
    absent=Outcome.UNTESTED,
)


@_limit(
    id="BIQ821",
    title="At most 20 calls of the API in any 10 seconds",
    instead="Make one call after the other, a second apart; do not start them all at once.",
    good=story(signed_in(), called(), "repeat: 24 +1.1"),
    bad=story(signed_in(), called(), "repeat: 20 +0.4"),
    # So many calls in such a short time are less than a second apart.
    companions=("BIQ825",),
)
def more_than_20_calls_in_10_seconds(evidence: Evidence) -> Problems:
    """Count in sliding windows of ten seconds."""
    return _beyond(evidence, 20, 10.0)


@_limit(
    id="BIQ822",
    title="At most 60 calls of the API in any minute",
    instead="Make one call after the other, a second apart, and fetch only what has changed.",
    good=story(signed_in(), called(), "repeat: 70 +1.1"),
    bad=story(signed_in(), called(), "repeat: 60 +0.9"),
    companions=("BIQ825",),
)
def more_than_60_calls_in_a_minute(evidence: Evidence) -> Problems:
    """Count in sliding windows of a minute."""
    return _beyond(evidence, 60, 60.0)


@_limit(
    id="BIQ823",
    title="At most 1200 calls of the API in any four hours",
    instead="Fetch what has changed, a few times an hour: 1200 calls in four hours are five a minute.",
    good=story(signed_in(), called(), "repeat: 40 +20"),
    bad=story(signed_in(), called(), "repeat: 1200 +2"),
)
def more_than_1200_calls_in_4_hours(evidence: Evidence) -> Problems:
    """Count in sliding windows of four hours; after an hour, a pace that leads there is noted."""
    problems = list(_beyond(evidence, 1200, _FOUR_HOURS))
    yield from problems
    calls = evidence.api_calls
    seconds = calls[-1].exchange.started - calls[0].exchange.started
    if not problems and _TELLING <= seconds < _FOUR_HOURS and (ahead := len(calls) * _FOUR_HOURS / seconds) > 1200:
        yield Problem(
            message="at this pace there will be more than 1200 calls in four hours",
            expected="at most 1200 calls in 4 hours",
            received=f"{len(calls)} calls in {seconds / 60:.0f} minutes, {ahead:.0f} in four hours",
            exchange=calls[-1].exchange.number,
            severity=Severity.INFO,
        )


def _beyond(evidence: Evidence, limit: int, seconds: float) -> Problems:
    calls = [call.exchange for call in evidence.api_calls]
    if (most := most_within(calls, seconds)) > limit:
        window = f"{seconds / 3600:.0f} hours" if seconds > 3600 else f"{seconds:.0f} s"
        yield Problem(
            message="the API is called more often than its limits allow",
            expected=f"at most {limit} calls in {window}",
            received=f"{most} calls in {window}",
            exchange=calls[-1].number,
        )


@rule(
    id="BIQ824",
    level=Level.SHOULD,
    title="Calls of the API are made one after the other",
    why="The API's page asks for sequential calls. Parallel ones multiply the load of one customer, and are the usual "
    "reason why the limit of 20 calls in 10 seconds is reached unexpectedly.",
    instead="Wait for an answer before the next call: a queue with a single worker.",
    references=("S sequential calls",),
    fixes={"Node": "for … of with await, not Promise.all", ".NET": "await in the loop, not Task.WhenAll"},
    good=story(signed_in(), called(), called()),
    bad=f"{story(signed_in(), called())}\ntook: 0.4\n### -0.3\n{called()}".replace("\ntook", "\n###\ntook"),
    select=where(has_sequential_calls),
)
def calls_overlap(evidence: Evidence) -> Problems:
    """Find calls that began before an earlier one had ended; when a client gave one up, only the client knows."""
    calls = sorted((call.exchange for call in evidence.api_calls), key=lambda exchange: exchange.started)
    overlapping, end = [], float("-inf")
    for call in calls:
        if call.started < end - TOLERANCE:
            overlapping.append(call)
        if call.came_whole:
            end = max(end, call.ended)
    if overlapping:
        yield Problem(
            message="calls of the API overlap",
            expected="one call after the other",
            received=f"{len(overlapping)} of {len(calls)} calls began before an earlier one had ended",
            exchange=overlapping[0].number,
        )


_PAUSE = 1.0
_READY_PAUSE = 5.0
# After a 401 the same call is made again, with a new token (BIQ607) or, by mistake, without one (BIQ501).
_UNFINISHED = frozenset({301, 302, 303, 307, 308, 401, 429})
_READY = "isready"
_IS_READY = f"GET /api/v3/IsReady\nAuthorization: Bearer {TOKEN_1}\nHTTP/1.1 200 OK\n\n"


@rule(
    id="BIQ825",
    level=Level.SHOULD,
    title="At least a second passes between two calls of the API",
    why="The API's page asks for it. A client that keeps to it never reaches the limit of 60 calls a minute, and needs "
    "no other throttle.",
    instead="Wait a second after each answer before the next call.",
    references=("S pauses", "D12"),
    good=story(signed_in(), called(), called()),
    bad=f"{signed_in()}\n###\n{called()}\n### +0.3\n{called()}",
    select=where(has_sequential_calls),
)
def calls_too_close(evidence: Evidence) -> Problems:
    """Measure each pause but across a token request, before a retry or to a redirect; overlaps are BIQ824's."""
    gaps = _gaps(evidence.of_kind(Kind.API, Kind.TOKEN))
    yield from _too_close(gaps, _PAUSE, "calls of the API follow each other too fast")


@rule(
    id="BIQ826",
    level=Level.SHOULD,
    title="At least five seconds pass between two calls of IsReady",
    why="IsReady says whether a result that takes long is there. The API's page asks for five seconds between two "
    "calls, since asking does not make it ready.",
    instead="Wait five seconds after each answer of IsReady.",
    references=("S pauses", "D12"),
    good=f"{signed_in()}\n###\n{_IS_READY}\n### +5\n{_IS_READY}",
    bad=f"{signed_in()}\n###\n{_IS_READY}\n### +2\n{_IS_READY}",
    select=where(lambda evidence: evidence.timed and len(_ready_calls(evidence)) > 1),
)
def ready_polled_too_often(evidence: Evidence) -> Problems:
    """Measure the pauses between calls of the path that the target names, or of one that ends in IsReady."""
    yield from _too_close(_gaps(_ready_calls(evidence)), _READY_PAUSE, "IsReady is called too often")


def _ready_calls(evidence: Evidence) -> list[Exchange]:
    path = evidence.facts.ready_path.lower()
    # The whole target first, which need not be parsed.
    calls = [x for call in evidence.api_calls if (path or _READY) in (x := call.exchange).request.target.lower()]
    if path:
        return [call for call in calls if call.request.path.lower() == path]
    return [call for call in calls if call.request.path.lower().rstrip("/").endswith(_READY)]


def _gaps(exchanges: Sequence[Exchange]) -> Iterator[tuple[float, Exchange]]:
    ordered = sorted(exchanges, key=lambda exchange: exchange.started)
    end = float("-inf")
    for exchange in ordered:
        if exchange.kind is Kind.API and exchange.started >= end:
            yield exchange.started - end, exchange
        # How soon a failed call is repeated, even by the transport, is judged by BIQ802, 803, 805 and 827; one that is
        # redirected goes on with the next request.
        end = float("-inf") if exchange.kind is Kind.TOKEN or _is_open(exchange) else max(end, exchange.ended)


def _is_open(exchange: Exchange) -> bool:
    answered = exchange.status
    return answered is None or answered in _UNFINISHED or answered >= 500 or not exchange.came_whole


def _too_close(gaps: Iterator[tuple[float, Exchange]], pause: float, message: str) -> Problems:
    short = [(gap, exchange) for gap, exchange in gaps if gap < pause - TOLERANCE]
    if short:
        yield Problem(
            message=message,
            expected=f"{pause:.0f} s from the end of one call to the start of the next",
            received=f"{len(short)} times less, {min(gap for gap, _ in short):.2f} s at the least",
            exchange=short[0][1].number,
        )
