"""BIQ806: a failure is visible from outside."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, Symptom, quote, rule
from blastiq_conformance.catalogue.example_messages import REFUSED, signed_in, story
from blastiq_conformance.evidence import SERVED, ApiCall, Child, Evidence
from blastiq_conformance.evidence.browser_answer import brought
from blastiq_conformance.rules.resilience.series import MOST_TRIES
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Ending

# Scenarios in which the fake does not answer; elsewhere the client left, or no answer was recorded.
_SILENCE = frozenset({"connection-lost", "hangs"})
# Scenarios in which the browser brings another answer than the one asked for.
_FOREIGN_ANSWER = frozenset({"attended-wrong-state", "attended-mix-up"})


@dataclass(frozen=True, kw_only=True)
class FinalFailure:
    """The last failure of a run that gave up, and how its process ended.

    Of the `wanted` calls, `good` succeeded. `tried` is all that was sent, `failed` what failed of it for good: nothing
    where a handshake failed, or credentials were missing. `foreign`: the browser brought an answer that a client may
    ignore while it waits for the right one.
    """

    child: Child
    has_token: bool
    good: int
    wanted: int
    tried: Sequence[Exchange]
    failed: Sequence[Exchange]
    foreign: bool

    @property
    def exchange(self) -> Exchange | None:
        """The request that failed last; None where what failed is not a request."""
        return self.failed[-1] if self.failed else None


def _final_failure(evidence: Evidence) -> Sequence[FinalFailure]:
    """Select it; nothing where the work was done or nothing failed: fewer calls may be by design."""
    child = evidence.child
    # The status of a service that the kit stopped says nothing.
    if child is None or child.stopped:
        return ()
    good, wanted = sum(_is_good(evidence, call) for call in evidence.api_calls), _wanted(evidence)
    has_token = bool(evidence.access_tokens)
    if good >= wanted and (has_token or good):
        return ()
    people = (Kind.IDENTITY,) if evidence.facts.flow == "attended" else ()
    tried = evidence.of_kind(*SERVED, *people)
    failed = _unmended(evidence, tried)
    if not failed and not _was_distrusted(evidence) and (has_token or not _is_due(evidence)):
        return ()
    found = FinalFailure(
        child=child,
        has_token=has_token,
        good=good,
        wanted=wanted,
        tried=tried,
        failed=failed,
        foreign=bool(failed) and _is_foreign(evidence, failed[-1]),
    )
    return (found,)


def _is_foreign(evidence: Evidence, exchange: Exchange) -> bool:
    """Whether the browser brought a code that belongs to another request, or was given by another server."""
    return evidence.facts.scenario in _FOREIGN_ANSWER and "code" in brought(exchange)


def _wanted(evidence: Evidence) -> int:
    """How many of the calls asked for the client makes where nothing is odd."""
    asked, control = evidence.facts.api_calls, evidence.control
    if control is None or not control.access_tokens:
        return asked
    # Where the last call failed there as well, nobody knows how many it would have made.
    if control.api_calls and not control.api_calls[-1].accepted:
        return asked
    return min(asked, len(control.good_calls))


def _is_good(evidence: Evidence, call: ApiCall) -> bool:
    if call.status in evidence.facts.skips:
        return True
    return call.accepted and call.exchange.came_whole


def _unmended(evidence: Evidence, tried: Sequence[Exchange]) -> list[Exchange]:
    """Give the failures that were not made good: a token or document that came in the end makes up for those before."""
    last = {exchange.kind: exchange.number for exchange in tried}
    helpful = evidence.granted | {each.exchange.number for each in evidence.documents if each.token_endpoint}
    return [
        exchange
        for exchange in tried
        if _failed(evidence, exchange, helpful)
        and (not evidence.access_tokens or exchange.kind is Kind.API or last[exchange.kind] == exchange.number)
    ]


def _failed(evidence: Evidence, exchange: Exchange, helpful: Container[int]) -> bool:
    """Whether nothing came of it; `helpful` are the exchanges that brought a token, or an endpoint to get one at."""
    response = exchange.response
    if response is None:
        return evidence.facts.scenario in _SILENCE
    if response.delivery.ending is not Ending.COMPLETE:
        return True
    if exchange.kind is Kind.API:
        return not 200 <= response.status < 300 and response.status not in evidence.facts.skips
    if response.status >= 400:
        return True
    match exchange.kind:
        case Kind.TOKEN | Kind.DISCOVERY:
            return exchange.number not in helpful
        case _:
            # Where a person said no, the browser brings the error to the client (RFC 6749 4.1.2.1).
            return "error" in brought(exchange) or _is_foreign(evidence, exchange)


def _was_distrusted(evidence: Evidence) -> bool:
    """Whether a handshake failed, so that nothing could follow it."""
    return any("TLS handshake" in connection.ending for connection in evidence.connections)


def _is_due(evidence: Evidence) -> bool:
    """Whether a token should have come, though no answer was bad: none could be asked for, or the control got one."""
    facts, control = evidence.facts, evidence.control
    if facts.username == "":
        return True
    # Where nothing is odd, it is BIQ808's; and nobody knows what an unrecorded answer brought.
    odd = facts.scenario != "" and not facts.benign
    known = all(request.status is not None for request in evidence.token_requests)
    return odd and known and control is not None and bool(control.access_tokens)


@rule(
    id="BIQ806",
    level=Level.MUST,
    title="A run that fails says so: a non-zero exit status or a raised error",
    why="The article's sample checks for errors before it goes on. Nobody watches an unattended integration: if it "
    "ends with status 0, its scheduler reports success while no data moves.",
    instead="Let errors reach the top and end with a non-zero exit status; a library raises. Declare statuses of the "
    "API that are skipped by design, such as 403 for one site of many: skips = [403].",
    references=("A19", "A22", "D34", "D45"),
    fixes={
        "Node": "process.exitCode = 1 in the last catch: console.error alone ends with 0",
        "shell": "set -o pipefail, and curl --fail-with-body",
        "IdentityModel": "look at response.IsError: nothing is thrown",
    },
    good=story(signed_in(REFUSED, "400 Bad Request"), "exit: 1"),
    bad=story(signed_in(REFUSED, "400 Bad Request"), "exit: 0"),
    select=_final_failure,
    reads=Part.RESPONSE,
)
def failure_hidden(failure: FinalFailure) -> Problems:
    """Find exit status 0 though something was given up, or a process that does not end after its last failure."""
    child, expected = failure.child, "an error and a non-zero exit status"
    if child.exit_status == 0:
        yield Problem(
            message="the integration ended as if nothing had failed",
            expected=expected,
            received=f"{_what(failure)}, and the exit status is 0",
        )
    elif child.timed_out and _told(failure):
        yield Problem(
            message="the integration ignored the answer and went on waiting, though nothing more could come"
            if failure.foreign
            else "the integration did not end after it had failed",
            expected=expected,
            received=f"{_what(failure)}, and the process was still running at the timeout",
            # No foreign code was used, and the right answer might still have come.
            severity=Severity.INFO if failure.foreign else None,
            symptom=Symptom.HUNG,
        )


def _told(failure: FinalFailure) -> bool:
    exchange = failure.exchange
    # A client that went on still works; one that hangs on discovery is BIQ106's, on a token answer BIQ408's to 410's.
    # One that tries for ever does not hang: BIQ607, 802 and 809.
    if exchange is None or failure.tried[-1] is not exchange or len(failure.failed) > MOST_TRIES:
        return False
    if exchange.kind is Kind.IDENTITY:
        return True
    return exchange.kind is Kind.API and exchange.code >= 400


def _what(failure: FinalFailure) -> str:
    if failure.exchange is None:
        lacking = "no token came" if failure.tried else "no request was made"
        return f"{failure.good} of {failure.wanted} calls were made" if failure.has_token else lacking
    request = failure.exchange.request
    what = f"{quote(request.method, request.path)} was answered {_answer(failure, failure.exchange)}"
    counted = failure.has_token and failure.wanted > 1
    return f"{what}, {failure.good} of {failure.wanted} calls were answered well" if counted else what


def _answer(failure: FinalFailure, exchange: Exchange) -> str:
    response = exchange.response
    if response is None:
        return "not at all"
    if response.delivery.ending is not Ending.COMPLETE:
        return "in part only"
    if failure.foreign:
        return f"{response.status}, with another state or issuer than asked for"
    error = brought(exchange).get("error")
    return f"{response.status}, with error={quote(error[:80])}" if error else f"{response.status}"
