"""BIQ821, BIQ822 and BIQ823: the rate limits of the API (D11: calls of the identity server do not count)."""

from blastiq_conformance.catalogue import Level, Outcome, Problem, Problems, Severity, rule
from blastiq_conformance.catalogue.example_messages import called, signed_in, story
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.rules.resilience.series import most_within

_WHY = (
    "The API's page names limits that BlastIQ enforces: 20 calls in 10 seconds, 60 in a minute, 1200 in four hours. "
    "What goes beyond them is refused, most likely with 429, and a client that runs into them loses data or time."
)
_FOUR_HOURS = 4 * 3600.0
_TELLING = 3600.0


_select = where(lambda evidence: evidence.api_calls and evidence.timed)


@rule(
    id="BIQ821",
    level=Level.MUST,
    title="At most 20 calls of the API in any 10 seconds",
    why=_WHY,
    instead="Make one call after the other, a second apart; do not start them all at once.",
    references=("S rate limits",),
    good=story(signed_in(), called(), "repeat: 24 +1.1"),
    bad=story(signed_in(), called(), "repeat: 20 +0.4"),
    # So many calls in such a short time are less than a second apart.
    companions=("BIQ825",),
    select=_select,
    absent=Outcome.UNTESTED,
)
def more_than_20_calls_in_10_seconds(evidence: Evidence) -> Problems:
    """Count in sliding windows of ten seconds."""
    return _beyond(evidence, 20, 10.0)


@rule(
    id="BIQ822",
    level=Level.MUST,
    title="At most 60 calls of the API in any minute",
    why=_WHY,
    instead="Make one call after the other, a second apart, and fetch only what has changed.",
    references=("S rate limits",),
    good=story(signed_in(), called(), "repeat: 70 +1.1"),
    bad=story(signed_in(), called(), "repeat: 60 +0.9"),
    companions=("BIQ825",),
    select=_select,
    absent=Outcome.UNTESTED,
)
def more_than_60_calls_in_a_minute(evidence: Evidence) -> Problems:
    """Count in sliding windows of a minute."""
    return _beyond(evidence, 60, 60.0)


@rule(
    id="BIQ823",
    level=Level.MUST,
    title="At most 1200 calls of the API in any four hours",
    why=_WHY,
    instead="Fetch what has changed, a few times an hour: 1200 calls in four hours are five a minute.",
    references=("S rate limits",),
    good=story(signed_in(), called(), "repeat: 40 +20"),
    bad=story(signed_in(), called(), "repeat: 1200 +2"),
    select=_select,
    absent=Outcome.UNTESTED,
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
    if len(calls) > limit and (most := most_within(calls, seconds)) > limit:
        window = f"{seconds / 3600:.0f} hours" if seconds > 3600 else f"{seconds:.0f} s"
        yield Problem(
            message="the API is called more often than its limits allow",
            expected=f"at most {limit} calls in {window}",
            received=f"{most} calls in {window}",
            exchange=calls[-1].number,
        )
