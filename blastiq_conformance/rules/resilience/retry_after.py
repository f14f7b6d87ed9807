"""BIQ803: Retry-After is obeyed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from blastiq_conformance.catalogue import Level, Problem, Severity, rule
from blastiq_conformance.catalogue.example_messages import signed_in
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.clients import callers
from blastiq_conformance.rules.resilience.retries import FIXES
from blastiq_conformance.rules.resilience.series import TOLERANCE, unheeding
from fake_idp.classify import Kind
from fake_idp.journal import Exchange

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


def _select(evidence: Evidence) -> Sequence[_Asked]:
    if not evidence.timed or not evidence.statuses & _ASKING:
        return ()
    found: list[_Asked] = []
    slack = unheeding(evidence)
    caller = callers(evidence.judged)
    later: dict[tuple[Kind, str], list[Exchange]] = {}
    for exchange in reversed(evidence.judged):
        # Another process did not hear it (D40).
        following = later.setdefault((exchange.kind, caller(exchange)), [])
        wait = _wait(exchange) if exchange.status in _ASKING else None
        if wait is not None:
            # A request that was already under way cannot have heeded it.
            after = next((x for x in reversed(following) if x.started > exchange.ended + slack), None)
            found.append(
                _Asked(exchange=exchange, wait=wait, due=exchange.ended + wait - _slack(exchange), after=after)
            )
        following.append(exchange)
    return found[::-1]


@rule(
    id="BIQ803",
    level=Level.SHOULD,
    severity=Severity.WARNING,
    title="Nothing is sent before Retry-After allows it",
    why="The server knows when it will be able to answer again, and says so. A request before that is refused, still "
    "counts against the limits, and on some servers restarts the waiting time.",
    instead="Read Retry-After, as seconds or as a date, and wait that long; or give up and report it.",
    references=("RFC 9110 10.2.3", "RFC 6585 4"),
    fixes=FIXES,
    good=f"{signed_in('', _LATER)}\n### +2.1\n{signed_in()}",
    bad=f"{signed_in('', _LATER)}\n### +0.5\n{signed_in()}",
    select=_select,
)
def retry_after_ignored(asked: _Asked) -> Iterator[Problem]:
    """Compare the start of the next request, if any, with the time that the server asked for."""
    if asked.after is not None and asked.after.started < asked.due - TOLERANCE:
        yield Problem(
            message="a request was sent before Retry-After allowed it",
            expected=f"no request for {asked.wait:.1f} s",
            received=f"the next one after {asked.after.started - asked.exchange.ended:.1f} s",
            exchange=asked.after.number,
        )


def _field(exchange: Exchange, name: str) -> str | None:
    return None if exchange.response is None else exchange.response.headers.get(name)


def _wait(exchange: Exchange) -> float | None:
    value = _field(exchange, "retry-after")
    if value is None:
        return None
    if value.strip().isdecimal():
        return min(float(value), _LONGEST)
    date = _field(exchange, "date")
    now = _moment(datetime.fromisoformat, exchange.at) if date is None else _moment(parsedate_to_datetime, date)
    due = _moment(parsedate_to_datetime, value)
    return None if now is None or due is None else min(max((due - now).total_seconds(), 0.0), _LONGEST)


def _slack(exchange: Exchange) -> float:
    return 0.0 if (_field(exchange, "retry-after") or "").strip().isdecimal() else _DATE_TOLERANCE


def _moment(parse: Callable[[str], datetime], text: str) -> datetime | None:
    try:
        moment = parse(text)
    except ValueError:
        return None
    # HTTP dates are always in GMT (RFC 9110 5.6.7), whether it is named or not.
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
