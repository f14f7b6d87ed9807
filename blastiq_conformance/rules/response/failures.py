"""BIQ408, BIQ409, BIQ410 and BIQ412: an answer that brings no token, or half of one, ends the attempt."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, Symptom, quote, rule
from blastiq_conformance.catalogue.example_messages import REFUSED, TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import ApiCall, Child, Evidence, Exchange, TokenRequest
from blastiq_conformance.evidence.clients import between
from blastiq_conformance.evidence.stack_trace import find_stack_trace
from blastiq_conformance.rules.response import traits
from fake_idp.wire import Ending


@dataclass(frozen=True, kw_only=True)
class Sequel:
    """A token request and what came of it: the API calls until the next one, and the child after the last one.

    `repeated`: it is at least the third of its attempt.
    """

    request: TokenRequest
    repeated: bool
    calls: tuple[ApiCall, ...]
    child: Child

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that this rests on."""
        return (self.request.exchange, *(call.exchange for call in self.calls))


def _sequels_with(trait: Callable[[TokenRequest], bool]) -> Callable[[Evidence], Sequence[Sequel]]:
    """Make the selector of the token requests whose answer has a trait, each with what came of it."""
    return lambda evidence: tuple(_sequels(evidence, [x for x in evidence.token_requests if trait(x)]))


def _sequels(evidence: Evidence, requests: Sequence[TokenRequest]) -> Iterator[Sequel]:
    if not requests:
        return
    starts = [request.exchange.number for request in evidence.token_requests]
    ends = dict(pairwise(starts))
    repeated = {request.exchange.number for row in evidence.attempts for request in row[2:]}
    for request in requests:
        number = request.exchange.number
        yield Sequel(
            request=request,
            repeated=number in repeated,
            calls=tuple(between(evidence.api_calls, number, ends.get(number, float("inf")))),
            child=Child() if number in ends else evidence.process,
        )


def _carried_on(sequel: Sequel, after: str) -> Problems:
    """Find calls of the API without a token from before, and a process that did not end after its last answer."""
    request, child = sequel.request, sequel.child
    for call in sequel.calls:
        if call.issued_token in {None, request.access_token}:
            yield Problem(
                message=f"the API was called after {after}",
                expected="no call of the API until there is a token",
                received=f"{quote(call.request.method, call.request.path)}, Authorization: {call.shown_authorization}",
                exchange=call.exchange.number,
                # An edited answer may have brought a token.
                missing=True,
            )
    if not child.timed_out or any(call.accepted for call in sequel.calls):
        return
    # Who asks again and again does not hang: after a refusal BIQ801 or BIQ508, in an outage BIQ802 or BIQ805.
    temporary = not request.exchange.came_whole or request.exchange.code >= 500
    tries = sequel.repeated and (request.status in {400, 401} or (temporary and child.may_be_pausing))
    if not tries:
        yield Problem(
            message=f"the integration did not end after {after}",
            expected="an end with an exit status other than 0",
            received="still running at the timeout",
            exchange=request.exchange.number,
            symptom=Symptom.HUNG,
        )


_failure = partial(rule, level=Level.MUST, refusal=Symptom.NO_CALL)


@_failure(
    id="BIQ408",
    title="An error of the token endpoint is recognised, and the API is not called",
    why="The article's sample checks the token answer for an error first: status 400 or 401 with a JSON member error "
    "(RFC 6749 section 5.2). A client that only reads the token from it calls the API without one.",
    instead="Check the status and error first; report the failure and stop.",
    references=("A22", "RFC 6749 5.2"),
    fixes={
        "requests, httpx": "response.raise_for_status() before response.json()",
        "fetch": "check response.ok: fetch does not throw on 400",
    },
    good=story(signed_in(REFUSED, "400 Bad Request"), "exit: 1"),
    bad=story(signed_in(REFUSED, "400 Bad Request"), called("undefined", "401 Unauthorized"), "exit: 1"),
    # With 200 an error is an answer without a token: BIQ410. A gateway answers JSON without a code of OAuth's.
    select=_sequels_with(lambda request: request.exchange.code >= 400 and bool(request.answer)),
)
def oauth_error_ignored(sequel: Sequel) -> Problems:
    """Find calls of the API after the error, and a process that hangs on it; its exit status is BIQ806."""
    return _carried_on(
        sequel,
        f"the token endpoint had answered {sequel.request.status} {quote(sequel.request.error or 'without a code')}",
    )


_PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"


def _no_json(request: TokenRequest) -> bool:
    response = request.exchange.response
    # Half an answer is BIQ412, and null is JSON: BIQ410.
    if response is None or request.answer or traits.is_cut(request):
        return False
    return response.json is None and response.body.strip() != b"null"


@_failure(
    id="BIQ409",
    title="An answer of the token endpoint that is not JSON leads to a clean failure",
    why="Proxies, firewalls and maintenance pages answer with HTML, plain text or nothing at all. An integration that "
    "gives every body to its JSON parser dies of an error that tells the customer nothing, hangs, or calls the API "
    "without a token.",
    instead="Look at status and Content-Type before parsing; report what came, and end with an exit status other "
    "than 0.",
    references=("A22", "RFC 6749 5.2", "D34"),
    fixes={
        "authlib": "catch the JSON error of fetch_token: it parses any body",
        "requests-oauthlib": "catch MissingTokenError and ValueError around fetch_token",
    },
    good=story(signed_in(_PAGE, "502 Bad Gateway", "text/html"), "exit: 1"),
    bad=story(signed_in(_PAGE, "502 Bad Gateway", "text/html"), "exit: timeout"),
    select=_sequels_with(_no_json),
)
def non_json_answer_unhandled(sequel: Sequel) -> Problems:
    """Find calls of the API nevertheless, a hang, and a crash (a warning: D34); exit status 0 is BIQ806."""
    kind = sequel.request.exchange.reply.headers.media_type or "no media type"
    after = f"the token endpoint had answered {sequel.request.status} with {quote(kind)}"
    yield from _carried_on(sequel, after)
    status = sequel.child.exit_status or 0
    trace = find_stack_trace(sequel.child.stderr)
    if not sequel.calls and (status < 0 or trace):
        yield Problem(
            message=f"the integration crashed after {after}",
            expected="a message in its own words",
            received=f"an end by signal {-status}" if status < 0 else f"a stack trace on stderr: {quote(trace)}",
            exchange=sequel.request.exchange.number,
            severity=Severity.WARNING,
            symptom=Symptom.CRASH,
        )


def _lacks_token(request: TokenRequest) -> bool:
    response = request.exchange.reply
    if response.status != 200 or request.access_token is not None:
        return False
    return response.json is not None or response.body.strip() == b"null"


@_failure(
    id="BIQ410",
    title="An answer of 200 without an access token is a failure",
    why="access_token is required in a successful answer (RFC 6749 section 5.1). A program that goes on without one "
    "sends Bearer undefined, Bearer None or Bearer alone.",
    instead="Take the token only if it is a non-empty string; otherwise report the failure and stop.",
    references=("RFC 6749 5.1", "A22"),
    fixes={"JavaScript": "check typeof answer.access_token === 'string' before the template literal"},
    good=story(signed_in("{}"), "exit: 1"),
    bad=story(signed_in("{}"), called("undefined", "401 Unauthorized"), "exit: 1"),
    select=_sequels_with(_lacks_token),
)
def missing_token_used(sequel: Sequel) -> Problems:
    """Find calls of the API after such an answer, and a process that hangs on it; its exit status is BIQ806."""
    return _carried_on(sequel, "the token endpoint had answered 200 without an access token")


_HALF = TOKEN_1[:32]
_CUT = signed_in(f'{{"access_token":"{_HALF}', media_type="application/json\nContent-Length: 212")


def _half_arrived(request: TokenRequest) -> bool:
    response = request.exchange.reply
    # Where nothing arrived, there is nothing to use: BIQ805.
    if response.status != 200 or response.sent == b"":
        return False
    # An answer that the client did not wait for was not cut off.
    return response.delivery.ending is not Ending.LEFT and (traits.is_cut(request) or traits.may_be_cut(request))


@_failure(
    id="BIQ412",
    title="A token answer that was cut off is a failure",
    why="A connection can break in the middle of an answer. Content-Length and the last chunk tell whether all of it "
    "came; half an answer may hold half a token, and nothing in it can be trusted.",
    instead="Accept an answer only when it is complete and parses as JSON; otherwise fail, or ask once more.",
    references=("RFC 9112 8", "RFC 6749 5.1"),
    good=story(_CUT, "exit: 1"),
    bad=story(_CUT, called(_HALF, "401 Unauthorized"), "exit: 1"),
    select=_sequels_with(_half_arrived),
)
def truncated_answer_used(sequel: Sequel) -> Problems:
    """Find calls of the API right after such an answer, and a process that hangs on it."""
    if traits.is_cut(sequel.request):
        yield from _carried_on(sequel, "an answer that was cut off")
