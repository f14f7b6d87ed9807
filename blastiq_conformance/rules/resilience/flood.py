"""BIQ809: an integration does not ask without end."""

from collections import Counter
from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Level, Outcome, Problem, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import DISCOVERED, called, signed_in, story
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.rules.resilience.retries import FIXES


def _select(evidence: Evidence) -> Sequence[Evidence]:
    # Of a recording nobody knows how often it would have gone on.
    return (evidence,) if evidence.child is not None and evidence.judged else ()


@rule(
    id="BIQ809",
    name="request-flood",
    level=Level.MUST_NOT,
    severity=Severity.ERROR,
    shown_by=ShownBy.ANY_SIGN_IN,
    title="No integration makes more than 10,000 requests for a few calls of the API",
    why="The task was a handful of calls, and there were thousands of requests: a loop without a pause and without an "
    "end. At a customer's it uses up the limits of the whole tenant within seconds and goes on for as long as whatever "
    "started it lasts. The kit ended the play; of such a flood it judges the first thousand requests.",
    instead="Give each loop an end: a handful of tries, each after a longer pause, then a clear failure.",
    references=("S rate limits",),
    fixes=FIXES,
    good=story(DISCOVERED, signed_in(), called()),
    bad=story(DISCOVERED, signed_in(), called(), "exit: flood"),
    select=_select,
    absent=Outcome.INAPPLICABLE,
)
def request_flood(evidence: Evidence) -> Iterator[Problem]:
    """Name what was asked for most often, where the play was ended for it."""
    if evidence.child is None or not evidence.child.flood:
        return
    asked = [(exchange.request.method, exchange.request.path) for exchange in evidence.judged]
    (most, times), *_ = Counter(asked).most_common(1)
    yield Problem(
        message="the integration asks without end",
        expected="at most 10,000 requests in a play, whatever is answered",
        received=f"{evidence.child.flood:,} requests, {quote(*most)} most often: {times} of the first {len(asked)}",
        exchange=evidence.judged[asked.index(most)].number,
    )
