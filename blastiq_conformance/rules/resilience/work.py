"""BIQ808 and BIQ828: where nothing is odd, and where the API only has additions, the integration does its work."""

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, Symptom, quote, rule
from blastiq_conformance.catalogue.example_messages import DISCOVERED, called, signed_in, story
from blastiq_conformance.evidence import SERVED, Evidence, Exchange, Kind, where
from blastiq_conformance.evidence.conduct import conduct, was_at_work

_MORE_TIME = (
    "Give it more time with --timeout, or make its pauses shorter for the run. Of a service that stays up, declare in "
    "blastiq.toml after how many `quiet` seconds its work is done."
)
_FACTS = "facts: scenario = sign-in, benign = yes"


def _is_judged(evidence: Evidence) -> bool:
    # A client that never called is not judged at all (exit code 3); one that was stopped was at work.
    watched = evidence.child is not None and not evidence.child.stopped
    return evidence.facts.benign and watched and bool(evidence.judged)


@rule(
    id="BIQ808",
    level=Level.MUST,
    title="Where nothing is odd, the integration signs in, makes its calls and ends with status 0",
    why="Discovery, token endpoint and API answered as they do every day. An integration that fails here fails at "
    "every customer, and what it does under odd conditions says little.",
    instead="Read its last output, and fix what it fails on first. It must sign in at BLASTIQ_AUTHORITY, GET "
    "BLASTIQ_API_URL with the token, and end with status 0.",
    references=("A12", "A23", "D38"),
    good=story(_FACTS, signed_in(), called()),
    bad=story(_FACTS, DISCOVERED, signed_in(), "stderr: KeyError: 'accessToken'", "exit: 1"),
    select=where(_is_judged),
)
def work_not_done(evidence: Evidence) -> Problems:
    """Find a process that failed or hung, or one that never called though the last answer of each kind was good.

    Only a refusal names its exchange: whatever another rule finds in that request explains it.
    """
    last = [exchange for kind in SERVED for exchange in evidence.of_kind(kind)[-1:]]
    # A client that never called the API may have been refused at an address of its own making.
    last += () if evidence.api_calls else evidence.of_kind(Kind.OTHER)[-1:]
    refused = next((exchange for exchange in last if not _good(evidence, exchange)), None)
    # A client that was refused and ends with 0 hides it: BIQ806.
    if not evidence.failed and (refused is not None or evidence.api_calls):
        yield from _fewer(evidence) if refused is None else ()
        return
    good = "every answer was good" if refused is None else "nothing was odd"
    yield Problem(
        message=f"the integration did not do its work, though {good}",
        expected=f"a sign-in, {_calls(evidence.facts.api_calls)} and exit status 0",
        received=f"{_refusal(refused)}{conduct(evidence)}",
        exchange=None if refused is None else refused.number,
        fix=_MORE_TIME if refused is None and was_at_work(evidence) else "",
    )


def _fewer(evidence: Evidence) -> Problems:
    # A shipped build may have a number of its own; a cache in front of the API looks alike.
    asked, made = evidence.facts.api_calls, len(evidence.api_calls)
    if made < asked:
        yield Problem(
            message="the integration made fewer calls of the API than it was asked for, and ended well",
            expected=f"{_calls(asked)}, each sent to the API: what happens from the second on stays unseen otherwise",
            received=_calls(made),
            severity=Severity.INFO,
            fix="Read BLASTIQ_API_CALLS, and let no cache answer for the API.",
        )


def _good(evidence: Evidence, exchange: Exchange) -> bool:
    if exchange.code >= 300 or not exchange.came_whole:
        return False
    return exchange.kind is not Kind.TOKEN or exchange.number in evidence.granted


def _refusal(exchange: Exchange | None) -> str:
    if exchange is None:
        return ""
    answer = "not answered" if exchange.status is None else f"answered {exchange.status}"
    return f"{quote(exchange.request.method, exchange.request.target)} was {answer}; "


def _calls(number: int) -> str:
    return "a call of the API" if number == 1 else f"{number} calls of the API"


_SCENARIO = "api-extra"
_ADDITIONS = f"facts: scenario = {_SCENARIO}, api_calls = 2"


@rule(
    id="BIQ828",
    level=Level.MUST,
    severity=Severity.WARNING,
    title="New members, headers and values in answers of the API are ignored",
    why="The API's page lists such additions among the changes that come without a new version. A client that refuses "
    "what it does not know stops working on the day of the next release.",
    instead="Read the members that you need and skip the rest; give unknown enumeration values a case of their own.",
    references=("S additive changes",),
    fixes={
        "Jackson": "FAIL_ON_UNKNOWN_PROPERTIES off, READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE on",
        "pydantic": 'extra="ignore", and str rather than Literal',
    },
    good=story(_ADDITIONS, signed_in(), called(), called()),
    bad=story(_ADDITIONS, signed_in(), called(), "stderr: unknown member 'drillRigs'", "exit: 1"),
    select=where(lambda evidence: evidence.facts.scenario == _SCENARIO and evidence.child and evidence.good_calls),
)
def additions_not_tolerated(evidence: Evidence) -> Problems:
    """Find a process that failed though every call was answered with success."""
    answered = evidence.good_calls
    if evidence.failed and len(answered) == len(evidence.api_calls):
        yield Problem(
            message="the integration failed on an answer of the API that holds more than it knows",
            expected=f"{evidence.facts.api_calls} calls and exit status 0",
            received=f"{len(answered)} calls, all answered 200, and a failure",
            exchange=answered[-1].exchange.number,
            symptom=Symptom.EXIT_STATUS,
        )
