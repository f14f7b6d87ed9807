"""BIQ827: after a 429 the client slows down."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Flaw, Level, Outcome, Severity, rule
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.example_messages import called, signed_in
from blastiq_conformance.rules.resilience.series import TOLERANCE, Series, most_within, series, status
from fake_idp.classify import Kind
from fake_idp.journal import Exchange

# A second between two calls is the usual pace: going on so is no slowing down.
_PAUSE = {Kind.API: 1.5}
_LEAST_PAUSE = 1.0
_WINDOW = 10.0
_STORM = 10
_THROTTLED = "429 Too Many Requests"


def _select(evidence: Evidence) -> Sequence[Series]:
    return list(series(evidence.judged, _throttled)) if 429 in evidence.statuses and evidence.timed else ()


@rule(
    id="BIQ827",
    name="throttling-ignored",
    level=Level.SHOULD,
    severity=Severity.WARNING,
    title="After a 429 there is a pause longer than usual, or an end",
    why="429 says that the limit is reached. Calls at the same rate go on being refused, count against the limit all "
    "the same, and may end in a longer ban.",
    instead="Wait as long as Retry-After says; without it some seconds, and twice as long each time.",
    references=("RFC 6585 4", "S rate limits"),
    good=f"{signed_in()}\n###\n{called(status=_THROTTLED)}\n### +4\n{called()}",
    bad=f"{signed_in()}\n###\n{called(status=_THROTTLED)}\n### +1\n{called()}",
    select=_select,
    absent=Outcome.INAPPLICABLE,
)
def throttling_ignored(row: Series) -> Iterator[Flaw]:
    """Find a storm, and a try that came as fast as ever; where Retry-After named a time, it is BIQ803's."""
    most = most_within(row.exchanges, _WINDOW)
    pause = _PAUSE.get(row.exchanges[0].kind, _LEAST_PAUSE)
    if most > _STORM:
        yield _flaw(row, f"{most} times within {_WINDOW:.0f} s", Severity.ERROR)
        return
    for earlier, later, gap in zip(row.exchanges, row.exchanges[1:], row.gaps, strict=False):
        named = earlier.response is not None and "retry-after" in earlier.response.headers
        if not named and 0 <= gap < pause - TOLERANCE:
            yield _flaw(row, f"again after {gap:.2f} s", None, later)
            return


def _flaw(row: Series, received: str, severity: Severity | None, exchange: Exchange | None = None) -> Flaw:
    return Flaw(
        message="the integration goes on at the same rate after a 429",
        expected="a pause longer than usual, growing each time, or an end",
        received=received,
        exchange=(exchange or row.exchanges[-1]).number,
        severity=severity,
    )


def _throttled(exchange: Exchange) -> bool:
    return status(exchange) == 429
