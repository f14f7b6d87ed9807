"""BIQ106: where discovery fails, the client stops, and cleanly."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Child, Evidence, where
from blastiq_conformance.evidence.discovery_document import Document
from blastiq_conformance.evidence.stack_trace import find_stack_trace
from blastiq_conformance.rules.discovery.messages import LOOKUP

# With more than these, a client tries until it gets an answer.
_TRIES = 2


def _is_failure(document: Document) -> bool:
    response = document.exchange.response
    # 304: the client has the document from before, perhaps from an earlier run (RFC 9110 15.4.5).
    return document.token_endpoint is None and (response is None or response.status != 304)


@rule(
    id="BIQ106",
    level=Level.MUST,
    title="A failed or useless discovery document ends the sign-in, cleanly",
    why="The article's sample checks for a discovery error before it goes on. A client that does not sends the "
    "customer's credentials to a guessed address; one that hangs or crashes gives its operator no cause.",
    instead="Check the status, that the body is a JSON object and that it has token_endpoint; otherwise report and end "
    "with a non-zero exit status.",
    references=("A19", "OIDC Discovery 4.3", "D34"),
    fixes={
        "IdentityModel": "if (disco.IsError) throw new Exception(disco.Error)",
        "requests, httpx": "response.raise_for_status(), then response.json()['token_endpoint'], both in one try",
        "fetch": "if (!response.ok) throw …; fetch does not reject on 404 or 500",
    },
    good=f"{LOOKUP}\n\nHTTP/1.1 500 Internal Server Error\n\n### the client reports it and stops\nexit: 1",
    bad=f"{LOOKUP}\n\nHTTP/1.1 404 Not Found\n\n### no document, and yet the password leaves\n{SIGN_IN}"
    "\n\n###\nexit: 1",
    select=where(lambda evidence: any(map(_is_failure, evidence.documents))),
    reads=Part.RESPONSE,
    refusal=Symptom.NO_TOKEN_REQUEST,
)
def discovery_failure_ignored(evidence: Evidence) -> Problems:
    """Find the first guess after a failure; where no document ever came, also a hang, a crash or a stack trace."""
    failures = [document.exchange for document in evidence.documents if _is_failure(document)]
    for request in evidence.token_requests:
        # An earlier document is still good: a failure to fetch it again is not a reason to stop.
        if not request.endpoint and request.exchange.number > failures[0].number:
            yield Problem(
                message="discovery failed, and the credentials were sent to a guessed address",
                expected="no token request without a discovery document that names token_endpoint",
                received=quote(request.request.method, request.request.url),
                exchange=request.exchange.number,
                severity=Severity.WARNING,
                missing=True,
            )
            break
    child = evidence.child
    if len(failures) == len(evidence.documents) and child is not None:
        # Who asks again and again in an outage does not hang: BIQ802 and BIQ805.
        temporary = not failures[-1].came_whole or failures[-1].code >= 500
        if not (child.timed_out and temporary and len(failures) > _TRIES and child.may_be_pausing):
            yield from _ending(child, failures[-1].number)


def _ending(child: Child, exchange: int) -> Problems:
    expected = "an error message and a non-zero exit status"
    if child.timed_out:
        yield Problem(
            message="the integration hangs when discovery fails",
            expected=expected,
            received="still running at the timeout",
            exchange=exchange,
            symptom=Symptom.HUNG,
        )
    elif child.exit_status is not None and child.exit_status < 0 and not child.stopped:
        yield Problem(
            message="the integration crashes when discovery fails",
            expected=expected,
            received=f"ended by signal {-child.exit_status}",
            exchange=exchange,
            symptom=Symptom.CRASH,
        )
    # D34: the failure was reported, but not in words for a person. Exit status 0 is BIQ806.
    elif child.exit_status and (trace := find_stack_trace(child.stderr)):
        yield Problem(
            message="the integration ends in an unhandled exception when discovery fails",
            expected=expected,
            received=f"exit status {child.exit_status} and a stack trace on stderr: {quote(trace)}",
            exchange=exchange,
            severity=Severity.WARNING,
            symptom=Symptom.CRASH,
        )
