"""BIQ808: where nothing is odd, the integration does its work."""

import signal
from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Level, Outcome, Problem, Severity, rule
from blastiq_conformance.catalogue.example_messages import DISCOVERED, called, signed_in, story
from blastiq_conformance.evidence import Child, Evidence
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.wire import Ending

_KINDS = (Kind.DISCOVERY, Kind.TOKEN, Kind.API)
_FACTS = "facts: scenario = sign-in, benign = yes"
_LINES = 6


def _select(evidence: Evidence) -> Sequence[Evidence]:
    # One that never called is not judged at all, and is told so (exit code 3); one that was stopped was at work.
    watched = evidence.child is not None and not evidence.child.stopped
    return (evidence,) if evidence.facts.benign and watched and evidence.judged else ()


@rule(
    id="BIQ808",
    name="work-not-done",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="Where every answer is good, the integration signs in, makes its calls and ends with status 0",
    why="In this play nothing was odd: discovery, token and API answered as they do every day. An integration that "
    "fails here fails at every customer's, and whatever else it does under odd conditions says little.",
    instead="Run it by itself with the same environment, read its last words, and mend what it fails on first.",
    references=("A12", "A23", "D38"),
    good=story(_FACTS, signed_in(), called()),
    bad=story(_FACTS, DISCOVERED, signed_in(), "stderr: KeyError: 'accessToken'", "exit: 1"),
    select=_select,
    absent=Outcome.INAPPLICABLE,
)
def work_not_done(evidence: Evidence) -> Iterator[Problem]:
    """Find a process that failed, hung, or never called the API, though the last answer of each kind was good."""
    child = evidence.child
    if child is None or not all(_good(evidence, x) for x in _last_of_each(evidence)):
        return
    if child.exit_status in {0, None} and not (child.timed_out and not evidence.worked) and evidence.api_calls:
        return
    yield Problem(
        message="the integration did not do its work, though every answer was good",
        expected=f"a sign-in, {_calls(evidence.facts.api_calls)} and exit status 0",
        received=f"{_progress(evidence)}, then {_ending(child)}{_last_words(child)}",
        exchange=evidence.judged[-1].number,
    )


def _last_of_each(evidence: Evidence) -> Iterator[Exchange]:
    for kind in _KINDS:
        yield from evidence.of_kind(kind)[-1:]


def _good(evidence: Evidence, exchange: Exchange) -> bool:
    response = exchange.response
    if response is None or response.status >= 300 or response.delivery.ending is not Ending.COMPLETE:
        return False
    token = exchange.kind is not Kind.TOKEN or exchange.number in evidence.access_tokens.values()
    # A token that came again is known by the exchange that first brought it.
    return token or any(x.exchange is exchange and x.access_token is not None for x in evidence.token_requests)


def _calls(number: int) -> str:
    return "a call of the API" if number == 1 else f"{number} calls of the API"


def _progress(evidence: Evidence) -> str:
    if evidence.api_calls:
        good = sum(call.accepted for call in evidence.api_calls)
        return f"discovery, a sign-in and {good} of {_calls(evidence.facts.api_calls)}"
    if evidence.access_tokens:
        return (
            "discovery and a sign-in, no call of the API" if evidence.discoveries else "a sign-in, no call of the API"
        )
    return "discovery alone" if evidence.discoveries else f"{len(evidence.judged)} requests, none of them a sign-in"


def _ending(child: Child) -> str:
    status = child.exit_status
    if child.timed_out or status is None:
        return "nothing more until its timeout"
    return f"an end by {_signal(-status)}" if status < 0 else f"exit status {status}"


def _signal(number: int) -> str:
    return signal.Signals(number).name if number in {known.value for known in signal.Signals} else f"signal {number}"


def _last_words(child: Child) -> str:
    lines = [line.strip() for line in child.last_words if line.strip()][-_LINES:]
    return f"; its last words: {' / '.join(lines)}" if lines else "; it wrote nothing"
