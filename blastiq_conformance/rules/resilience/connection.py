"""BIQ805: a lost connection leads to few retries."""

from collections.abc import Iterable, Iterator, Sequence

from blastiq_conformance.catalogue import Level, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.rules.resilience.retries import FIXES
from blastiq_conformance.rules.resilience.series import MOST_TRIES, TRIES_WITHIN, Series, most_within, series
from fake_idp.journal import Exchange
from fake_idp.wire import Ending

_SCENARIO = "connection-lost"
_FACTS = f"facts: scenario = {_SCENARIO}\n###\n"
# A request that is repeated so soon is repeated by the transport, not by the integration.
_AT_ONCE = 0.25


def _select(evidence: Evidence) -> Sequence[Series]:
    def lost(exchange: Exchange) -> bool:
        if exchange.response is None:
            # Elsewhere the client left, or no answer was recorded.
            return evidence.facts.scenario == _SCENARIO
        return exchange.response.delivery.ending in {Ending.RESET, Ending.CUT}

    if not any(map(lost, evidence.judged)):
        return ()
    first = _first_by_connection(evidence.exchanges)
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
    select=_select,
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


def _first_by_connection(exchanges: Iterable[Exchange]) -> dict[int, int]:
    first: dict[int, int] = {}
    for exchange in exchanges:
        first.setdefault(exchange.via, exchange.number)
    return first


def _tries(row: Sequence[Exchange], first: dict[int, int]) -> Iterator[Exchange]:
    """Leave out what a transport silently repeats by itself, at once and on a new connection (D41).

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
