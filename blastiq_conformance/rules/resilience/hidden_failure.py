"""BIQ806: a failure can be seen from outside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from blastiq_conformance.browser_answer import brought
from blastiq_conformance.catalogue import Flaw, Level, Outcome, Part, Severity, rule
from blastiq_conformance.evidence import Child, Evidence
from blastiq_conformance.example_messages import REFUSED, signed_in, story
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Ending

# Where the fake leaves a request without an answer.
_SILENCE = frozenset({"connection-lost", "hangs"})
# Where what the browser brings is not the answer that was asked for.
_FOREIGN_ANSWER = frozenset({"attended-wrong-state", "attended-mix-up"})


@dataclass(frozen=True, kw_only=True)
class _Failure:
    """The exchange by which a run finally failed, and how its process ended.

    `foreign`: the browser brought an answer that may be passed over, and the right one still waited for.
    """

    exchange: Exchange
    child: Child
    foreign: bool

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that this rests on."""
        return (self.exchange,)


def _select(evidence: Evidence) -> Sequence[_Failure]:
    child = evidence.child
    # The status of a service that the kit stopped says nothing.
    if child is None or child.stopped:
        return ()
    people = (Kind.IDENTITY,) if evidence.facts.flow == "attended" else ()
    last = next(reversed(evidence.of_kind(Kind.DISCOVERY, Kind.TOKEN, Kind.API, *people)), None)
    if last is None or not _failed(evidence, last):
        return ()
    return (_Failure(exchange=last, child=child, foreign=_foreign(evidence, last)),)


@rule(
    id="BIQ806",
    name="failure-hidden",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="A run that fails says so: a non-zero exit status or a raised error",
    why="The article's sample looks at the error of discovery and of the token answer before it goes on. Nobody "
    "watches an unattended integration: if it ends with status 0, its scheduler reports success while no data moves.",
    instead="Let errors reach the top and end with a non-zero exit status; a library raises.",
    references=("A19", "A22", "D34"),
    fixes={
        "Node": "process.exitCode = 1 in the last catch: console.error alone ends with 0",
        "shell": "set -o pipefail, and curl --fail-with-body",
        "IdentityModel": "look at response.IsError: nothing is thrown",
    },
    good=story(signed_in(REFUSED, "400 Bad Request"), "exit: 1"),
    bad=story(signed_in(REFUSED, "400 Bad Request"), "exit: 0"),
    select=_select,
    absent=Outcome.INAPPLICABLE,
    reads=Part.RESPONSE,
)
def failure_hidden(failure: _Failure) -> Iterator[Flaw]:
    """Find exit status 0, or a process without an end, after the last thing that was tried had failed."""
    child, request = failure.child, failure.exchange.request
    expected = "an error and a non-zero exit status"
    what = f"{request.method} {request.path} was answered {_answer(failure)}"
    if child.exit_status == 0:
        yield Flaw(
            message="the integration ended as if all had gone well",
            expected=expected,
            received=f"{what}, and the exit status is 0",
            exchange=failure.exchange.number,
        )
    elif child.timed_out and _told(failure):
        yield Flaw(
            message="the integration passed the answer over and went on waiting, where nothing more could come"
            if failure.foreign
            else "the integration did not end after it had failed",
            expected=expected,
            received=f"{what}, and the process still ran when its time was up",
            exchange=failure.exchange.number,
            # Nobody's code was used, and the right answer might still have come.
            severity=Severity.INFO if failure.foreign else None,
        )


def _failed(evidence: Evidence, exchange: Exchange) -> bool:
    response = exchange.response
    if response is None:
        # Elsewhere no answer may just mean that none was recorded.
        return evidence.facts.scenario in _SILENCE
    if response.status >= 400 or response.delivery.ending is not Ending.COMPLETE:
        return True
    number = exchange.number
    match exchange.kind:
        case Kind.TOKEN:
            return not any(r.exchange.number == number and r.access_token for r in evidence.token_requests)
        case Kind.DISCOVERY:
            return not any(d.exchange.number == number and d.token_endpoint for d in evidence.documents)
        case Kind.IDENTITY:
            # Where a person said no, the browser brings the error to the client (RFC 6749 4.1.2.1).
            return "error" in brought(exchange) or _foreign(evidence, exchange)
        case _:
            return False


def _foreign(evidence: Evidence, exchange: Exchange) -> bool:
    return exchange.kind is Kind.IDENTITY and evidence.facts.scenario in _FOREIGN_ANSWER and "code" in brought(exchange)


def _told(failure: _Failure) -> bool:
    # A client that hangs on discovery is BIQ106's, on an answer of the token endpoint BIQ408's to 410's.
    exchange = failure.exchange
    if exchange.kind is Kind.IDENTITY:
        return True
    return exchange.kind is Kind.API and exchange.response is not None and exchange.response.status >= 400


def _answer(failure: _Failure) -> str:
    response = failure.exchange.response
    if response is None:
        return "not at all"
    if response.delivery.ending is not Ending.COMPLETE:
        return "in part only"
    if failure.foreign:
        return f"{response.status}, with another state or issuer than asked for"
    error = brought(failure.exchange).get("error") if failure.exchange.kind is Kind.IDENTITY else None
    return f"{response.status}, with error={error[:80]}" if error else f"{response.status}"
