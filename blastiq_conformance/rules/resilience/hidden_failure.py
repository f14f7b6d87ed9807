"""BIQ806: a failure is visible from outside."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import REFUSED, signed_in, story
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.browser_answer import brought
from blastiq_conformance.rules.resilience.final_failure import FinalFailure, final_failure
from blastiq_conformance.rules.resilience.series import MOST_TRIES
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Ending


def _select(evidence: Evidence) -> Sequence[FinalFailure]:
    failure = final_failure(evidence)
    return () if failure is None else (failure,)


@rule(
    id="BIQ806",
    level=Level.MUST,
    title="A run that fails says so: a non-zero exit status or a raised error",
    why="The article's sample checks discovery and the token answer for errors before it goes on. Nobody watches an "
    "unattended integration: if it ends with status 0, its scheduler reports success while no data moves.",
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
    select=_select,
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
    if exchange is None or not failure.is_last or failure.failures > MOST_TRIES:
        return False
    if exchange.kind is Kind.IDENTITY:
        return True
    return exchange.kind is Kind.API and exchange.response is not None and exchange.response.status >= 400


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
    error = brought(exchange).get("error") if exchange.kind is Kind.IDENTITY else None
    return f"{response.status}, with error={quote(error[:80])}" if error else f"{response.status}"
