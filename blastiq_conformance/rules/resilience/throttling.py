"""BIQ803 and BIQ827: who is told to wait waits: as long as Retry-After says, or longer than usual."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import dropwhile, pairwise
from statistics import median

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, rule
from blastiq_conformance.catalogue.example_messages import called, signed_in
from blastiq_conformance.evidence import SERVED, Evidence, Exchange, Kind
from blastiq_conformance.evidence.clients import callers
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.rules.resilience.retries import FIXES
from blastiq_conformance.rules.resilience.series import STORM, STORM_WITHIN, TOLERANCE, unheeding

_ASKING = frozenset({429, 503})
# The header is a hint: a minute is enough to wait.
_LONGEST = 60.0
# Dates have whole seconds.
_DATE_TOLERANCE = 1.0
_LATER = "503 Service Unavailable\nRetry-After: 2"


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """An answer that asks to wait until `due` (monotonic seconds), and the next request of its kind, if any."""

    exchange: Exchange
    wait: float
    due: float
    after: Exchange | None


def _waits(evidence: Evidence) -> Sequence[_Asked]:
    if not evidence.timed or not evidence.statuses & _ASKING:
        return ()
    found: list[_Asked] = []
    slack = unheeding(evidence)
    caller = callers(evidence.judged)
    later: dict[tuple[Kind, str], list[Exchange]] = {}
    for exchange in reversed(evidence.judged):
        # Another process did not hear it (D40).
        following = later.setdefault((exchange.kind, caller(exchange)), [])
        asked = _wait(exchange) if exchange.status in _ASKING else None
        if asked is not None:
            wait, tolerance = asked
            # A request that was already under way cannot have heeded it.
            after = next((x for x in reversed(following) if x.started > exchange.ended + slack), None)
            found.append(_Asked(exchange=exchange, wait=wait, due=exchange.ended + wait - tolerance, after=after))
        following.append(exchange)
    return found[::-1]


@rule(
    id="BIQ803",
    level=Level.SHOULD,
    title="Nothing is sent before Retry-After allows it",
    why="The server knows when it will be able to answer again, and says so. A request before that is refused, still "
    "counts against the limits, and on some servers restarts the waiting time.",
    instead="Read Retry-After, as seconds or as a date, and wait that long; or give up and report it.",
    references=("RFC 9110 10.2.3", "RFC 6585 4"),
    fixes=FIXES,
    good=f"{signed_in('', _LATER)}\n### +2.1\n{signed_in()}",
    bad=f"{signed_in('', _LATER)}\n### +0.5\n{signed_in()}",
    select=_waits,
)
def retry_after_ignored(asked: _Asked) -> Problems:
    """Compare the start of the next request, if any, with the time that the server asked for."""
    if asked.after is not None and asked.after.started < asked.due - TOLERANCE:
        yield Problem(
            message="a request was sent before Retry-After allowed it",
            expected=f"no request for {asked.wait:.1f} s",
            received=f"the next one after {asked.after.started - asked.exchange.ended:.1f} s",
            exchange=asked.after.number,
        )


def _wait(exchange: Exchange) -> tuple[float, float] | None:
    """Give the seconds that Retry-After names, and how much less will do; None where nobody can tell."""
    headers = exchange.reply.headers
    value, date = headers.get("retry-after"), headers.get("date")
    if value is None:
        return None
    if value.strip().isdecimal():
        return min(float(value), _LONGEST), 0.0
    now = _moment(datetime.fromisoformat, exchange.at) if date is None else _moment(parsedate_to_datetime, date)
    due = _moment(parsedate_to_datetime, value)
    if now is None or due is None:
        return None
    return min(max((due - now).total_seconds(), 0.0), _LONGEST), _DATE_TOLERANCE


def _moment(parse: Callable[[str], datetime], text: str) -> datetime | None:
    try:
        moment = parse(text)
    except ValueError:
        return None
    # HTTP dates are always in GMT (RFC 9110 5.6.7), whether it is named or not.
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


# A pause counts as longer than usual from a fifth on: no client keeps its pace to the millisecond.
_LONGER = 1.2
# The API's page allows 20 calls in 10 s: a faster client has not slowed down, whatever its usual pace.
_LEAST = 0.5
# What that page asks for between two calls of IsReady is a long pause, whatever the usual pace.
_ENOUGH = 5.0
# A fifth more than the second that it asks for between two calls: a client whose pauses grow beyond it backs off.
_BACKED_OFF = 1.2 - TOLERANCE
_THROTTLED = "429 Too Many Requests"


@dataclass(frozen=True, kw_only=True)
class _Row:
    """The requests of one kind from its first 429 on, and the client's usual pause; None: not known.

    For `unheeding` seconds after an answer, the next request cannot have heeded it.
    """

    exchanges: tuple[Exchange, ...]
    usual: float | None
    unheeding: float

    @property
    def long_pause(self) -> float:
        """The shortest pause in seconds that shows that the client has slowed down."""
        longer = _LEAST if self.usual is None else min(max(_LONGER * self.usual, _LEAST), _ENOUGH)
        return longer - TOLERANCE

    @property
    def refusals(self) -> Iterator[tuple[Exchange, tuple[Exchange, ...]]]:
        """Each 429 with the requests that were started after it, within the time of a storm."""
        starts = [exchange.started for exchange in self.exchanges]
        for index, exchange in enumerate(self.exchanges):
            if exchange.status == 429:
                first = max(bisect_left(starts, exchange.ended + self.unheeding), index + 1)
                end = bisect_left(starts, exchange.started + STORM_WITHIN - TOLERANCE)
                # Always the next one: a pause is measured however long it is.
                yield exchange, self.exchanges[first : max(end, first + 1)]


def _throttled(evidence: Evidence) -> Sequence[_Row]:
    if 429 not in evidence.statuses or not evidence.timed:
        return ()
    usual = _usual_pause(evidence)
    rows = []
    caller = callers(evidence.judged)
    # Another process did not hear it (D40).
    sent = grouped(((x.kind, caller(x)), x) for x in evidence.of_kind(*SERVED))
    for one in sent.values():
        ordered = sorted(one, key=lambda exchange: exchange.started)
        if from_first := tuple(dropwhile(lambda exchange: exchange.status != 429, ordered)):
            rows.append(_Row(exchanges=from_first, usual=usual, unheeding=unheeding(evidence)))
    return rows


def _usual_pause(evidence: Evidence) -> float | None:
    """Measure it between the calls of the control (D42), or else between those before any 429.

    A kit that was held up in the control has made those pauses longer (D55).
    """
    calls = evidence.of_kind(Kind.API)
    throttled = min(exchange.number for exchange in evidence.judged if exchange.status == 429)
    before = [call for call in calls if call.number < throttled]
    control = evidence.control
    for measured in (control.of_kind(Kind.API) if control is not None and not control.facts.held_up else (), before):
        pauses = [max(later.started - call.ended, 0.0) for call, later in pairwise(measured)]
        if pauses:
            return median(pauses)
    return None


@rule(
    id="BIQ827",
    level=Level.SHOULD,
    title="After a 429 the client makes a longer pause than usual, or gives up",
    why="429 says that the limit is reached. Calls at the same rate continue to be refused, still count against the "
    "limit, and may lead to a longer ban.",
    instead="Wait as long as Retry-After says; without it some seconds, and twice as long each time.",
    references=("RFC 6585 4", "S rate limits", "D42"),
    fixes=FIXES,
    good=f"{signed_in()}\n###\n{called()}\n### +1\n{called(status=_THROTTLED)}\n### +4\n{called()}",
    bad=f"{signed_in()}\n###\n{called()}\n### +1\n{called()}\n### +1\n{called(status=_THROTTLED)}\n### +1\n{called()}",
    select=_throttled,
)
def throttling_ignored(row: _Row) -> Problems:
    """Find a storm, and a client that pauses no longer than usual; where Retry-After named a time, it is BIQ803's."""
    pauses: list[tuple[float, Exchange]] = []
    for exchange, later in row.refusals:
        if not later:
            continue
        pause = later[0].started - exchange.ended
        if pause < row.long_pause and len(later) >= STORM:
            yield _problem(f"{len(later) + 1} times within {STORM_WITHIN:.0f} s", later[-1], Severity.ERROR)
            return
        if "retry-after" not in exchange.reply.headers:
            pauses.append((pause, later[0]))
    lengths = [pause for pause, _ in pauses]
    if not pauses or max(lengths) >= row.long_pause:
        return
    backs_off = max(lengths) > max(_LONGER * lengths[0], _BACKED_OFF)
    if not backs_off:
        compared = (
            f"where {row.usual:.2f} s is its usual pause"
            if row.usual is not None
            else "and nothing was compared: its usual pause is not known"
        )
        yield _problem(f"again after {lengths[0]:.2f} s, {compared}", pauses[0][1])


def _problem(received: str, exchange: Exchange, severity: Severity | None = None) -> Problem:
    return Problem(
        message="the integration went on at the same rate after a 429",
        expected="a longer pause than usual, growing each time, or an end",
        received=received,
        exchange=exchange.number,
        severity=severity,
    )
