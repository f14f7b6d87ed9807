"""BIQ809: an integration does not send requests endlessly."""

from collections import Counter

from blastiq_conformance.catalogue import Level, Problem, Problems, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import DISCOVERED, called, signed_in, story
from blastiq_conformance.evidence import Evidence, where
from blastiq_conformance.rules.resilience.retries import FIXES


@rule(
    id="BIQ809",
    level=Level.MUST_NOT,
    shown_by=ShownBy.ANY_SIGN_IN,
    title="No integration makes more than 10,000 requests for a few calls of the API",
    why="There were thousands of requests for a handful of calls: a loop without a pause and without an end, which "
    "uses up the customer's limits within seconds. The kit ended the run, and judges the first thousand requests.",
    instead="Give each loop an end: a handful of tries, each after a longer pause, then a clear failure.",
    references=("S rate limits",),
    fixes=FIXES,
    good=story(DISCOVERED, signed_in(), called()),
    bad=story(DISCOVERED, signed_in(), called(), "exit: flood"),
    # Of a recording nobody knows how long it would have gone on.
    select=where(lambda evidence: evidence.child is not None and evidence.judged),
)
def request_flood(evidence: Evidence) -> Problems:
    """Name the most frequent request where the kit ended the run for a flood."""
    if evidence.child is None or not evidence.child.flood:
        return
    asked = [(exchange.request.method, exchange.request.path) for exchange in evidence.judged]
    (most, times), *_ = Counter(asked).most_common(1)
    yield Problem(
        message="the integration sends requests endlessly",
        expected="at most 10,000 requests in a scenario, whatever the answers",
        received=f"{evidence.child.flood:,} requests, {quote(*most)} most often: {times} of the first {len(asked)}",
        exchange=evidence.judged[asked.index(most)].number,
    )
