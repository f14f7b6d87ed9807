"""BIQ825 and BIQ826: the pauses between calls of the API (D12: from the end of one to the start of the next)."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Level, Problem, Severity, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.rules.resilience.series import TOLERANCE, came_whole, has_sequential_calls
from fake_idp.classify import Kind
from fake_idp.journal import Exchange

_PAUSE = 1.0
_READY_PAUSE = 5.0
_READY = "isready"
_IS_READY = f"GET /api/v3/IsReady\nAuthorization: Bearer {TOKEN_1}\nHTTP/1.1 200 OK\n\n"


@rule(
    id="BIQ825",
    level=Level.SHOULD,
    severity=Severity.WARNING,
    title="At least a second passes between two calls of the API",
    why="The API's page asks for it. A client that keeps to it never reaches the limit of 60 calls a minute, and needs "
    "no other throttle.",
    instead="Wait a second after each answer before the next call.",
    references=("S pauses", "D12"),
    good=story(signed_in(), called(), called()),
    bad=f"{signed_in()}\n###\n{called()}\n### +0.3\n{called()}",
    select=where(has_sequential_calls),
)
def calls_too_close(evidence: Evidence) -> Iterator[Problem]:
    """Measure each pause, except across a token request or before a retry; calls that overlap are BIQ824's."""
    gaps = _gaps(evidence.of_kind(Kind.API, Kind.TOKEN))
    yield from _too_close(gaps, _PAUSE, "calls of the API follow each other too fast")


@rule(
    id="BIQ826",
    level=Level.SHOULD,
    severity=Severity.WARNING,
    title="At least five seconds pass between two calls of IsReady",
    why="IsReady says whether a result that takes long is there. The API's page asks for five seconds between two "
    "calls, since asking does not make it ready.",
    instead="Wait five seconds after each answer of IsReady.",
    references=("S pauses", "D12"),
    good=f"{signed_in()}\n###\n{_IS_READY}\n### +5\n{_IS_READY}",
    bad=f"{signed_in()}\n###\n{_IS_READY}\n### +2\n{_IS_READY}",
    select=where(lambda evidence: evidence.timed and len(_ready_calls(evidence)) > 1),
)
def ready_polled_too_often(evidence: Evidence) -> Iterator[Problem]:
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
        # How soon a failed call is repeated, even by the transport, is judged by BIQ802, 803, 805 and 827.
        end = float("-inf") if exchange.kind is Kind.TOKEN or _failed(exchange) else max(end, exchange.ended)


def _failed(exchange: Exchange) -> bool:
    answered = exchange.status
    return answered is None or answered == 429 or answered >= 500 or not came_whole(exchange)


def _too_close(gaps: Iterator[tuple[float, Exchange]], pause: float, message: str) -> Iterator[Problem]:
    short = [(gap, exchange) for gap, exchange in gaps if gap < pause - TOLERANCE]
    if short:
        yield Problem(
            message=message,
            expected=f"{pause:.0f} s from the end of one call to the start of the next",
            received=f"{len(short)} times less, {min(gap for gap, _ in short):.2f} s at the least",
            exchange=short[0][1].number,
        )
