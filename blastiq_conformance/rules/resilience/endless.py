"""BIQ804 and BIQ809: neither a wait for an answer nor a loop of requests goes on without end."""

from collections import Counter

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, ShownBy, Symptom, quote, rule
from blastiq_conformance.catalogue.example_messages import DISCOVERED, SIGN_IN, called, signed_in, story
from blastiq_conformance.evidence import Evidence, Exchange, where
from blastiq_conformance.rules.resilience.retries import FIXES
from fake_idp.wire import Ending

_TOLERANCE = 1.0
_SCENARIO = "hangs"
# With this many seconds between two bytes, an answer does not really come.
_SILENCE = 1.0
_FACTS = f"facts: scenario = {_SCENARIO}"


@rule(
    id="BIQ804",
    level=Level.SHOULD,
    title="The client gives up on a server that does not answer",
    why="Connections die silently: a router restarts, a process hangs. Most HTTP libraries wait forever unless they "
    "are told not to, and an unattended service then stands still until somebody notices.",
    instead="Set a timeout for connecting and for the whole answer, a minute at most, and report an error then.",
    references=("A4",),
    fixes={
        "requests": "timeout=(5, 30) with each call, for there is no default; it bounds each read, not an answer that "
        "comes byte by byte: signal.alarm(60) around the call bounds the whole",
        "requests-oauthlib": "fetch_token(…, timeout=30), and signal.alarm(60) as for requests",
        "fetch": "signal: AbortSignal.timeout(30_000); Node 20 may lose it once an answer has begun: "
        "setTimeout(() => process.exit(1), 60_000).unref() ends a script for certain",
        "golang net/http": "http.Client{Timeout: 30 * time.Second}: the default client has none",
    },
    good=story(_FACTS, SIGN_IN, "took: 30", "exit: 1"),
    bad=story(_FACTS, SIGN_IN, "took: 119", "exit: timeout"),
    select=where(lambda evidence: any(_silent(evidence, exchange) for exchange in evidence.judged)),
)
def answer_awaited_without_end(evidence: Evidence) -> Problems:
    """Find the longest wait where it was too long, or the process still waited at its timeout."""
    limit = evidence.facts.client_timeout
    waiting = [exchange for exchange in evidence.judged if _silent(evidence, exchange)]
    longest = max(waiting, key=lambda exchange: exchange.ended - exchange.started)
    seconds = longest.ended - longest.started
    over = evidence.process.timed_out
    if seconds > limit + _TOLERANCE or over:
        drips = _drips(longest)
        yield Problem(
            message="the integration waits endlessly for an answer that comes byte by byte"
            if drips
            else "the integration waits endlessly for an answer that does not come",
            expected=f"an error after {limit:.0f} s at most",
            received=f"it waited for {seconds:.0f} s" + (", and was still running at the timeout" if over else ""),
            exchange=longest.number,
            # Most libraries limit each read but not the whole answer; no source asks for more.
            severity=Severity.INFO if drips else None,
            symptom=Symptom.HUNG if over else None,
        )


def _drips(exchange: Exchange) -> bool:
    return exchange.reply.delivery.drip >= _SILENCE


def _silent(evidence: Evidence, exchange: Exchange) -> bool:
    if exchange.response is None:
        # Elsewhere the connection was lost, the client left, or the answer was not recorded.
        return evidence.facts.scenario == _SCENARIO
    return exchange.reply.delivery.ending is Ending.NEVER or _drips(exchange)


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
    if not evidence.process.flood:
        return
    asked = [(exchange.request.method, exchange.request.path) for exchange in evidence.judged]
    (most, times), *_ = Counter(asked).most_common(1)
    yield Problem(
        message="the integration sends requests endlessly",
        expected="at most 10,000 requests in a scenario, whatever the answers",
        received=f"{evidence.process.flood:,} requests, {quote(*most)} most often: {times} of the first {len(asked)}",
        exchange=evidence.judged[asked.index(most)].number,
    )
