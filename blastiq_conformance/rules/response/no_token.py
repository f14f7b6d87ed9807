"""BIQ410: 200 without an access token."""

from blastiq_conformance.catalogue import Level, Part, Problems, rule
from blastiq_conformance.catalogue.example_messages import called, signed_in, story
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Sequel, TokenRequest
from blastiq_conformance.rules.response.aftermath import called_anyway, hung, sequels_with


def _lacks_token(request: TokenRequest) -> bool:
    response = request.exchange.response
    if response is None or response.status != 200 or request.access_token is not None:
        return False
    return response.json is not None or response.body.strip() == b"null"


@rule(
    id="BIQ410",
    level=Level.MUST,
    title="An answer of 200 without an access token is a failure",
    why="access_token is required in a successful answer (RFC 6749 section 5.1). Where it is missing or empty, no "
    "token came, whatever the status says; a program that goes on sends Bearer undefined, Bearer None or Bearer alone.",
    instead="Take the token only if it is a non-empty string; otherwise report the failure and stop.",
    references=("RFC 6749 5.1", "A22"),
    fixes={"JavaScript": "check typeof answer.access_token === 'string' before the template literal"},
    good=story(signed_in("{}"), "exit: 1"),
    bad=story(signed_in("{}"), called("undefined", "401 Unauthorized"), "exit: 1"),
    select=sequels_with(_lacks_token),
    reads=Part.HEADERS | Part.RESPONSE,
    refusal=Symptom.NO_CALL,
)
def missing_token_used(sequel: Sequel) -> Problems:
    """Find calls of the API after such an answer, and a process that hangs on it; its exit status is BIQ806."""
    after = "the token endpoint had answered 200 without an access token"
    yield from called_anyway(sequel, after)
    yield from hung(sequel, after)
