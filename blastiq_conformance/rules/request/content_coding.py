"""BIQ220: the body is sent as it is, not compressed."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import SIGN_IN
from blastiq_conformance.evidence import token_requests
from blastiq_conformance.evidence.token_request import TokenRequest


@rule(
    id="BIQ220",
    level=Level.SHOULD_NOT,
    severity=Severity.WARNING,
    title="The body of the token request is not compressed",
    why="A server need not understand a compressed request body, and IdentityServer does not: it finds no fields in it "
    "and answers invalid_request. Compressing two hundred bytes gains nothing either.",
    instead="Switch request compression off for the token endpoint; compressed answers are fine.",
    references=("RFC 9110 8.4",),
    fixes={"curl": "no --data-binary of a gzip file", "OkHttp, Spring": "no gzip interceptor on the token client"},
    good=SIGN_IN,
    bad=SIGN_IN.replace("\n\n", "\nContent-Encoding: gzip\n\n", 1),
    select=token_requests,
    absent=Outcome.UNTESTED,
    reads=Part.HEADERS,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def body_content_coded(request: TokenRequest) -> Iterator[Problem]:
    """Find any Content-Encoding but identity."""
    coding = request.request.headers.get("content-encoding")
    if coding is not None and coding.strip().lower() not in {"", "identity"}:
        yield Problem(
            message="the body of the token request is content-coded",
            expected="no Content-Encoding",
            received=f"Content-Encoding: {quote(coding)}",
            parameter="Content-Encoding",
        )
