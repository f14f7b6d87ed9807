"""BIQ409: an answer that is not JSON."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import signed_in, story
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Sequel, TokenRequest
from blastiq_conformance.evidence.stack_trace import find_stack_trace
from blastiq_conformance.rules.response.aftermath import called_anyway, hung, sequels_with
from blastiq_conformance.rules.response.traits import is_cut

_PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"


def _no_json(request: TokenRequest) -> bool:
    response = request.exchange.response
    # Half an answer is BIQ412, and null is JSON: BIQ410.
    if response is None or request.answer or is_cut(request):
        return False
    return response.json is None and response.body.strip() != b"null"


@rule(
    id="BIQ409",
    level=Level.MUST,
    title="An answer of the token endpoint that is not JSON leads to a clean failure",
    why="Between the integration and the server are proxies, firewalls and maintenance pages: they answer with HTML, "
    "plain text or nothing at all. An integration that gives every body to its JSON parser dies of a parser error that "
    "tells the customer nothing, hangs, or calls the API without a token.",
    instead="Look at status and Content-Type before parsing; report what came, and end with an exit status other "
    "than 0.",
    references=("A22", "RFC 6749 5.2", "D34"),
    fixes={
        "authlib": "catch the JSON error of fetch_token: it parses any body",
        "requests-oauthlib": "catch MissingTokenError and ValueError around fetch_token",
    },
    good=story(signed_in(_PAGE, "502 Bad Gateway", "text/html"), "exit: 1"),
    bad=story(signed_in(_PAGE, "502 Bad Gateway", "text/html"), "exit: timeout"),
    select=sequels_with(_no_json),
    reads=Part.HEADERS | Part.RESPONSE,
    refusal=Symptom.NO_CALL,
)
def non_json_answer_unhandled(sequel: Sequel) -> Problems:
    """Find calls of the API nevertheless, a hang, and a crash (a warning: D34); exit status 0 is BIQ806."""
    response = sequel.request.exchange.response
    kind = (response.media_type if response is not None else None) or "no media type"
    after = f"the token endpoint had answered {sequel.request.status} with {quote(kind)}"
    yield from called_anyway(sequel, after)
    yield from hung(sequel, after)
    child = sequel.child
    if child is None or sequel.calls:
        return
    died = child.exit_status is not None and child.exit_status < 0
    trace = find_stack_trace(child.stderr)
    if died or trace:
        yield Problem(
            message=f"the integration crashed after {after}",
            expected="a message in its own words",
            received=f"an end by signal {-(child.exit_status or 0)}"
            if died
            else f"a stack trace on stderr: {quote(trace)}",
            exchange=sequel.request.exchange.number,
            severity=Severity.WARNING,
            symptom=Symptom.CRASH,
        )
