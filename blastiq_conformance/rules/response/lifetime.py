"""BIQ404 and BIQ405: the lifetime of a token, missing or odd."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, Symptom, quote, rule
from blastiq_conformance.catalogue.example_messages import called, granted, signed_in, story
from blastiq_conformance.evidence import ApiCall, Evidence, TokenRequest
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.evidence.stack_trace import find_stack_trace
from blastiq_conformance.rules.response import traits
from blastiq_conformance.rules.response.traits import Answers, answers_with, fetched_anew, refused

_WITHOUT = granted().replace('"expires_in":3600,', "")
_TEXT = granted().replace("3600", '"3600"')
# As many tries as after an outage (D41): more of them are a storm.
_TRIES = 5


@rule(
    id="BIQ404",
    level=Level.MUST,
    title="A token answer without expires_in is used like any other",
    why="expires_in is recommended, not required (RFC 6749 section 5.1). A client that takes the missing number for "
    "zero asks for a new token for each call, and one that relies on it crashes.",
    instead="Where expires_in is missing, keep the token until the API answers 401.",
    references=("RFC 6749 5.1",),
    good=story("facts: api_calls = 2", signed_in(_WITHOUT), called(), called()),
    bad=story(signed_in(_WITHOUT), "exit: 1"),
    select=answers_with(traits.has_no_lifetime),
    seen=True,
)
def missing_lifetime_fatal(answers: Answers) -> Problems:
    """Find a client that fails without expires_in, or takes each token for expired at once."""
    yield from refused(answers, "without expires_in")
    yield from fetched_anew(answers, "without expires_in")


@rule(
    id="BIQ405",
    level=Level.SHOULD,
    title="An odd expires_in does no harm: text, a fraction, zero, a negative or a huge number",
    why="Servers have been seen to send expires_in as text or as a fraction, and as zero for a token that is no longer "
    "valid. Carelessly added to a clock, such a value leads to a crash or to a token that never expires. No source "
    "asks a client to accept what is not a row of digits: refusing it with a clear failure is only noted.",
    instead="Convert it to a number, treat all but a positive number as unknown or expired, and renew on 401 anyway.",
    references=("RFC 6749 5.1", "RFC 6749 appendix A", "D48"),
    fixes={"JavaScript": "Date.now() + Number(expires_in) * 1000: with a string, + concatenates"},
    good=story("facts: api_calls = 2", signed_in(_TEXT), called(), called()),
    bad=story(
        signed_in(_TEXT), "stderr: Traceback (most recent call last):\\nTypeError: can only add seconds", "exit: 1"
    ),
    select=answers_with(traits.has_odd_lifetime),
    seen=True,
)
def odd_lifetime_mishandled(answers: Answers) -> Problems:
    """Find a client that fails on it, takes a long lifetime for none, or an expired token for a valid one."""
    what = f"with expires_in {quote(repr(answers.requests[-1].answer.get('expires_in')))}"
    yield from _declined(answers, what) if _ended_clearly(answers) else refused(answers, what)
    if not any(map(_over, answers.requests)):
        yield from fetched_anew(answers, what)
    yield from _renewed_in_vain(answers, what)
    over = {request.access_token or "": request for request in answers.requests if _over(request)}
    calls = grouped((call.issued_token or "", call) for call in (answers.evidence.api_calls if over else ()))
    for token, request in over.items():
        yield from _used_on(request, calls.get(token, ()), answers.evidence)


def _ended_clearly(answers: Answers) -> bool:
    """Whether it reported anything but a positive whole number as a failure, without a crash or a storm.

    A huge number is a row of digits (RFC 6749 appendix A): a client that fails on it has overrun its calendar.
    """
    child = answers.evidence.process
    reported = (child.exit_status or 0) > 0 and find_stack_trace(child.stderr) is None
    return (
        reported
        and len(answers.requests) <= _TRIES
        and not any((request.lifetime or 0) > 0 for request in answers.requests)
    )


def _declined(answers: Answers, what: str) -> Problems:
    if not answers.used:
        yield Problem(
            message=f"the integration refused an answer {what}, with a clear failure",
            expected="a call of the API with its access token; no source demands it",
            received=f"exit status {answers.evidence.process.exit_status}, and no call of the API with this token",
            parameter="expires_in",
            severity=Severity.INFO,
            missing=True,
            symptom=Symptom.NO_CALL,
        )


def _renewed_in_vain(answers: Answers, what: str) -> Problems:
    # A timer set by such a value fires at once, again and again: each token replaces one that no call has used.
    if answers.used and len(vain := answers.tokens - answers.used) > _TRIES:
        yield Problem(
            message=f"the integration renewed again and again after an answer {what}",
            expected="a new token for the next call at the earliest, however short the lifetime",
            received=f"{len(vain)} tokens that no call used, of {len(answers.tokens)}",
            parameter="expires_in",
            symptom=Symptom.NEEDLESS_TOKENS,
        )


def _over(request: TokenRequest) -> bool:
    lifetime = request.answer.get("expires_in")
    return isinstance(lifetime, int | float) and lifetime <= 0


def _used_on(request: TokenRequest, calls: Sequence[ApiCall], evidence: Evidence) -> Problems:
    if len(calls) < 2:
        return
    # A client that waits for the 401 need not look at expires_in; one that ignores the 401 as well takes the token for
    # eternal. A call that was already under way could not heed it.
    heard = min((call.exchange.ended for call in calls if call.status == 401), default=float("inf"))
    # Nor could another caller who had it in hand; the work then ends with a newer one. A client that renewed, and never
    # used what came, has heeded the 401: BIQ501.
    last = calls[-1].exchange
    renewed = any(
        calls[0].exchange.number < number < last.number and token not in evidence.used_tokens
        for token, number in evidence.access_tokens.items()
    )
    ends_work = last.number == evidence.api_calls[-1].exchange.number
    insists = last.started > heard and ends_work and not renewed
    yield Problem(
        message="a token that had expired on arrival was reused",
        expected="a new token at once, or after the API's 401 at the latest"
        if insists
        else "a new token before the second call; waiting for the API's 401 is enough, and costs one request more",
        received=f"{len(calls)} calls with a token of expires_in {quote(request.answer.get('expires_in'))}",
        parameter="expires_in",
        exchange=calls[1].exchange.number,
        severity=Severity.WARNING if insists else Severity.INFO,
    )
