"""BIQ402 and BIQ403: the type of the token."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import called, granted, signed_in, story
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.rules.response.traits import (
    Answers,
    answers_with,
    is_bearer_in_other_case,
    is_no_bearer,
    refused,
)

_LOWER = granted().replace("Bearer", "bearer")
_MAC = granted().replace("Bearer", "mac")


@rule(
    id="BIQ402",
    level=Level.MUST,
    title="token_type is compared without regard to case",
    why="The value of token_type is case-insensitive (RFC 6749 section 5.1): bearer and BEARER mean what Bearer means.",
    instead="Compare in lower case, and write Bearer in the Authorization header yourself.",
    references=("RFC 6749 5.1", "RFC 6750 4"),
    fixes={"own code": "tokenType.toLowerCase() === 'bearer'"},
    good=story(signed_in(_LOWER), called()),
    bad=story(signed_in(_LOWER), "exit: 1"),
    select=answers_with(is_bearer_in_other_case),
    reads=Part.HEADERS | Part.RESPONSE,
    seen=True,
)
def token_type_case_refused(answers: Answers) -> Problems:
    """Find a client that fails on another spelling of Bearer."""
    return refused(answers, f"with token_type {quote(answers.requests[-1].answer.get('token_type'))}")


@rule(
    id="BIQ403",
    level=Level.MUST_NOT,
    severity=Severity.WARNING,
    title="A token of an unknown type is not used as a bearer token",
    why="A client must not use a token whose type it does not understand (RFC 6749 section 7.1): a DPoP or MAC token "
    "sent as a bearer token gives away what its type was meant to protect. Many libraries do not check.",
    instead="Check that token_type is bearer, in any case; otherwise report the failure and stop.",
    references=("RFC 6749 7.1", "RFC 6749 5.1"),
    good=story(signed_in(_MAC), "exit: 1"),
    bad=story(signed_in(_MAC), called()),
    select=answers_with(is_no_bearer),
    reads=Part.HEADERS,
    refusal=Symptom.NO_CALL,
)
def unknown_token_type_used(answers: Answers) -> Problems:
    """Find a call of the API with such a token."""
    for request in answers.requests:
        if request.access_token in answers.used:
            kind = request.answer.get("token_type")
            yield Problem(
                message="a token of another type was used as a bearer token",
                expected="no call of the API with a token that is not a bearer token",
                received="no token_type" if kind is None else f"token_type {quote(kind)}",
                parameter="token_type",
                exchange=request.exchange.number,
            )
