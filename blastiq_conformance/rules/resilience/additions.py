"""BIQ828: additions of the API do no harm."""

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, rule
from blastiq_conformance.catalogue.example_messages import called, signed_in, story
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Evidence, where

_SCENARIO = "api-extra"
_FACTS = f"facts: scenario = {_SCENARIO}, api_calls = 2"


def _is_judged(evidence: Evidence) -> bool:
    answered = any(call.accepted for call in evidence.api_calls)
    return evidence.facts.scenario == _SCENARIO and evidence.child is not None and answered


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
    good=story(_FACTS, signed_in(), called(), called()),
    bad=story(_FACTS, signed_in(), called(), "stderr: unknown member 'drillRigs'", "exit: 1"),
    select=where(_is_judged),
)
def additions_not_tolerated(evidence: Evidence) -> Problems:
    """Find a process that failed though every call was answered with success."""
    answered = [call for call in evidence.api_calls if call.accepted]
    if evidence.failed and len(answered) == len(evidence.api_calls):
        yield Problem(
            message="the integration failed on an answer of the API that holds more than it knows",
            expected=f"{evidence.facts.api_calls} calls and exit status 0",
            received=f"{len(answered)} calls, all answered 200, and a failure",
            exchange=answered[-1].exchange.number,
            symptom=Symptom.EXIT_STATUS,
        )
