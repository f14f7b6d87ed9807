"""BIQ802: during an outage there are few retries, with growing pauses."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Level, Problem, Severity, rule
from blastiq_conformance.catalogue.example_messages import signed_in
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.rules.resilience.retries import FIXES
from blastiq_conformance.rules.resilience.series import (
    MOST_TRIES,
    STORM,
    STORM_WITHIN,
    TRIES_WITHIN,
    Series,
    most_within,
    series,
)
from fake_idp.journal import Exchange

# Pauses this long, and so few retries, need no growing pauses.
_SPACED = 2.0
_FEW = 2
_GROWTH = 1.2
# Shorter pauses do not count, and their growth is chance.
_BRIEF = 0.25
_FAILED = signed_in("", "503 Service Unavailable")


def _select(evidence: Evidence) -> Sequence[Series]:
    return list(series(evidence.judged, _unavailable)) if evidence.had_outage and evidence.timed else ()


@rule(
    id="BIQ802",
    level=Level.SHOULD,
    severity=Severity.WARNING,
    title="Server errors are retried a few times, with growing pauses, or not at all",
    why="A service that answers 5xx is already in trouble. If all clients retry at once, they keep it there, and a "
    "token request must not be repeated blindly.",
    instead="At most five tries, each pause about twice as long as the one before, with some jitter; then report an "
    "error.",
    references=("RFC 9110 9.2.2", "D41"),
    fixes=FIXES,
    good=f"{_FAILED}\n### +1\n{_FAILED}\n### +2\n{_FAILED}\n###\nexit: 1",
    bad="\n### +0.2\n".join((*[_FAILED] * 7, "exit: 1")),
    select=_select,
)
def outage_hammered(row: Series) -> Iterator[Problem]:
    """Count the tries in any minute, then check whether the pauses grow; with jitter, not every pause has to."""
    most, gaps = most_within(row.exchanges, TRIES_WITHIN), row.gaps
    storm = most_within(row.exchanges, STORM_WITHIN)
    if storm > STORM:
        received = f"{storm} times within {STORM_WITHIN:.0f} s"
    elif most > MOST_TRIES:
        received = f"{most} times within {TRIES_WITHIN:.0f} s"
    elif not row.several and len(gaps) > _FEW and max(gaps) < max(_BRIEF, min(_SPACED, gaps[0] * _GROWTH)):
        received = f"{len(gaps)} retries, {', '.join(f'{gap:.2f} s' for gap in gaps)} apart"
    else:
        return
    yield Problem(
        message="a failing server was retried without enough backoff",
        expected=f"at most {MOST_TRIES} tries in {TRIES_WITHIN:.0f} s, with growing pauses",
        received=received,
        exchange=row.exchanges[-1].number,
        severity=Severity.ERROR if storm > STORM else None,
    )


def _unavailable(exchange: Exchange) -> bool:
    return (exchange.status or 0) >= 500
