"""BIQ408: an OAuth error ends the attempt."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Part, Problem, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import REFUSED, called, signed_in, story
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Sequel
from blastiq_conformance.evidence.token_request import TokenRequest
from blastiq_conformance.rules.response.aftermath import called_anyway, hung, sequels_with


def _is_error(request: TokenRequest) -> bool:
    # With 200 an error is an answer without a token: BIQ410. A gateway answers JSON without a code of OAuth's.
    return (request.status or 0) >= 400 and bool(request.answer)


@rule(
    id="BIQ408",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="An error of the token endpoint is recognised, and the API is not called",
    why="The article's sample checks the token answer for an error before it goes on. An error comes as status 400 or "
    "401 with a JSON member error (RFC 6749 section 5.2), with or without a description; a client that only reads the "
    "token from it calls the API without one.",
    instead="Check the status and error first; report the failure and stop.",
    references=("A22", "RFC 6749 5.2"),
    fixes={
        "requests, httpx": "response.raise_for_status() before response.json()",
        "fetch": "check response.ok: fetch does not throw on 400",
    },
    good=story(signed_in(REFUSED, "400 Bad Request"), "exit: 1"),
    bad=story(signed_in(REFUSED, "400 Bad Request"), called("undefined", "401 Unauthorized"), "exit: 1"),
    select=sequels_with(_is_error),
    reads=Part.HEADERS | Part.RESPONSE,
    refusal=Symptom.NO_CALL,
)
def oauth_error_ignored(sequel: Sequel) -> Iterator[Problem]:
    """Find calls of the API after the error, and a process that hangs on it; its exit status is BIQ806."""
    after = f"the token endpoint had answered {sequel.request.status} {quote(sequel.request.error or 'without a code')}"
    yield from called_anyway(sequel, after)
    yield from hung(sequel, after)
