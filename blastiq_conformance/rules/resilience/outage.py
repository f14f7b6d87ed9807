"""BIQ802, BIQ805 and BIQ807: during an outage there are few tries, with growing pauses, and then the work goes on."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, Symptom, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN, called, signed_in, story
from blastiq_conformance.evidence import SERVED, Evidence
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
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Ending

# Pauses this long, and so few retries, need no growing pauses.
_SPACED = 2.0
_FEW = 2
_GROWTH = 1.2
# Shorter pauses do not count, and their growth is chance.
_BRIEF = 0.25
_FAILED = signed_in("", "503 Service Unavailable")


@rule(
    id="BIQ802",
    level=Level.SHOULD,
    title="Server errors are retried a few times, with growing pauses, or not at all",
    why="A service that answers 5xx is already in trouble. If all clients retry at once, they keep it there, and a "
    "token request must not be repeated blindly.",
    instead="At most five tries, each pause about twice as long as the one before, with some jitter; then report an "
    "error.",
    references=("RFC 9110 9.2.2", "D41"),
    fixes=FIXES,
    good=f"{_FAILED}\n### +1\n{_FAILED}\n### +2\n{_FAILED}\n###\nexit: 1",
    bad="\n### +0.2\n".join((*[_FAILED] * 7, "exit: 1")),
    select=lambda evidence: (
        list(series(evidence.judged, _unavailable)) if evidence.had_outage and evidence.timed else ()
    ),
)
def outage_hammered(row: Series) -> Problems:
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
    return exchange.code >= 500


_SCENARIO = "connection-lost"
_FACTS = f"facts: scenario = {_SCENARIO}\n###\n"
# A request that is repeated so soon is repeated by the transport, not by the integration.
_AT_ONCE = 0.25


def _lost_connections(evidence: Evidence) -> Sequence[Series]:
    def lost(exchange: Exchange) -> bool:
        if exchange.response is None:
            # Elsewhere the client left, or no answer was recorded.
            return evidence.facts.scenario == _SCENARIO
        return exchange.response.delivery.ending in {Ending.RESET, Ending.CUT}

    if not any(map(lost, evidence.judged)):
        return ()
    first = {exchange.via: exchange.number for exchange in reversed(evidence.exchanges)}
    return [Series(tuple(_tries(row.exchanges, first))) for row in series(evidence.judged, lost)]


@rule(
    id="BIQ805",
    level=Level.SHOULD,
    title="After a lost connection there are at most five tries in a minute",
    why="A connection that breaks once may be chance; one that breaks each time is not fixed by the next try. A token "
    "request may even have been carried out before the connection broke, so each repetition is one more sign-in.",
    instead="One or two more tries after a pause, then an error.",
    references=("RFC 9110 9.2.2", "D41"),
    fixes=FIXES,
    good=f"{_FACTS}{SIGN_IN}\n### +1\n{SIGN_IN}\n###\nexit: 1",
    bad=_FACTS + "\n### +1\n".join([*[SIGN_IN] * (MOST_TRIES + 1), "exit: 1"]),
    select=_lost_connections,
)
def reconnect_storm(row: Series) -> Problems:
    """Count the tries in any minute, until one was answered."""
    most = most_within(row.exchanges, TRIES_WITHIN)
    if most > MOST_TRIES:
        yield Problem(
            message="a request was retried again and again after its connection was lost",
            expected=f"at most {MOST_TRIES} tries in {TRIES_WITHIN:.0f} s",
            received=f"{most} times within {TRIES_WITHIN:.0f} s",
            exchange=row.exchanges[MOST_TRIES].number,
        )


def _tries(row: Sequence[Exchange], first: dict[int, int]) -> Iterator[Exchange]:
    """Leave out what a transport silently repeats by itself, at once and on a new connection (D41).

    `first` is the number of the first request on each connection.
    Go, curl and .NET do it where a kept connection turns out to be closed before any byte of an answer (RFC 9110
    9.2.2), the two clients of the JDK on any connection. None does it twice: a loop without pauses is not a replay.
    """
    for index, tried in enumerate(row):
        repeated = _repeats(row, index) and first[row[index + 1].via] == row[index + 1].number
        stale = first[tried.via] < tried.number
        alone = not _repeats(row, index - 1) and not _repeats(row, index + 1)
        if not repeated or not (stale or alone):
            yield tried


def _repeats(row: Sequence[Exchange], index: int) -> bool:
    """Whether a request without an answer was sent again at once, on another connection."""
    if not 0 <= index < len(row) - 1:
        return False
    tried, then = row[index : index + 2]
    return tried.response is None and tried.via != then.via and then.started - tried.ended < _AT_ONCE


def _after_outage(evidence: Evidence) -> Sequence[Sequence[Exchange]]:
    """Select what followed the last server error; nothing where there was none, or no further request."""
    exchanges = evidence.of_kind(*SERVED) if evidence.had_outage else ()
    failures = [index for index, exchange in enumerate(exchanges) if _unavailable(exchange)]
    after = exchanges[failures[-1] + 1 :] if failures else ()
    return (after,) if after else ()


@rule(
    id="BIQ807",
    level=Level.SHOULD,
    title="When an outage ends, the next call works",
    why="Unattended integrations run for months and meet outages. A client that keeps a failed answer, a half-built "
    "session or an empty token goes on failing until somebody restarts it.",
    instead="Keep only what worked: a failed discovery or sign-in leaves nothing, and the next call starts afresh.",
    references=("A4",),
    good=story(signed_in(), called(status="503 Service Unavailable"), called()),
    bad=story(
        signed_in(),
        called(status="503 Service Unavailable"),
        called("", "401 Unauthorized"),
        called("", "401 Unauthorized"),
        "exit: 1",
    ),
    select=_after_outage,
)
def outage_survived_badly(after: Sequence[Exchange]) -> Problems:
    """Check the last answer after the outage: where it is an error, the client did not recover.

    Where a call of the API worked in between, only a 401 counts: other errors have nothing to do with the outage.
    """
    last = after[-1]
    worked = any(x.kind is Kind.API and 200 <= x.code < 300 for x in after)
    if last.code >= 400 and (last.status == 401 or not worked):
        yield Problem(
            message="the integration does not work again after an outage",
            expected="a call of the API that works, as soon as the servers answer again",
            received=f"{quote(last.request.method, last.request.path)} was answered {last.status}",
            exchange=last.number,
            symptom=Symptom.LAST_ANSWER_REFUSED,
        )
