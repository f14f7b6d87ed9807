"""BIQ412: an answer that was cut off."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, signed_in, story
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import Sequel, TokenRequest
from blastiq_conformance.rules.response.aftermath import hung, sequels_with
from blastiq_conformance.rules.response.traits import is_cut, may_be_cut
from fake_idp.wire import Ending

_HALF = TOKEN_1[:32]
_CUT = signed_in(f'{{"access_token":"{_HALF}', media_type="application/json\nContent-Length: 212")


def _half_arrived(request: TokenRequest) -> bool:
    response = request.exchange.response
    # Where nothing arrived, there is nothing to use: BIQ805.
    if response is None or response.status != 200 or response.sent == b"":
        return False
    # An answer that the client did not wait for was not cut off.
    return response.delivery.ending is not Ending.LEFT and (is_cut(request) or may_be_cut(request))


@rule(
    id="BIQ412",
    level=Level.MUST,
    title="A token answer that was cut off is a failure",
    why="A connection can break in the middle of an answer. Content-Length and the last chunk tell whether all of it "
    "came; half an answer may hold half a token, and nothing in it can be trusted.",
    instead="Accept an answer only when it is complete and parses as JSON; otherwise fail, or ask once more.",
    references=("RFC 9112 8", "RFC 6749 5.1"),
    good=story(_CUT, "exit: 1"),
    bad=story(_CUT, called(_HALF, "401 Unauthorized"), "exit: 1"),
    select=sequels_with(_half_arrived),
    reads=Part.HEADERS | Part.RESPONSE,
    refusal=Symptom.NO_CALL,
)
def truncated_answer_used(sequel: Sequel) -> Problems:
    """Find calls of the API right after such an answer, and a process that hangs on it."""
    if not is_cut(sequel.request):
        return
    for call in sequel.calls:
        token = call.issued_token
        # One with a token from before is none of this rule's business.
        if token is None or token == sequel.request.access_token:
            yield Problem(
                message="the API was called after an answer that was cut off",
                expected="no call of the API until a whole answer has come",
                received=f"Authorization: {call.shown_authorization}",
                exchange=call.exchange.number,
            )
    yield from hung(sequel, "an answer that was cut off")
