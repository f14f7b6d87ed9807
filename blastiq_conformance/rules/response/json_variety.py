"""BIQ411: JSON as other servers write it."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Part, Problems, Severity, rule
from blastiq_conformance.catalogue.example_messages import REFRESH_1, TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import Evidence, TokenRequest
from blastiq_conformance.rules.response import traits
from blastiq_conformance.rules.response.traits import Answers, answers_with, refused
from fake_idp.wire import Ending

# A client need not wait for the rest where this many seconds pass between two bytes: BIQ804.
_TOO_SLOW = 1.0

_PRETTY = f"""{{
  "scope": "cosmos offline_access",
  "refresh_token": "{REFRESH_1}",
  "token_type": "Bearer",
  "expires_in": 3600,
  "access_token": "{TOKEN_1}"
}}"""


def _select(evidence: Evidence) -> Sequence[Answers]:
    left = tuple(request for request in evidence.token_requests if _was_left(request))
    if left and evidence.failed and not evidence.used_tokens:
        return (Answers(evidence=evidence, requests=left),)
    return answers_with(traits.is_varied)(evidence)


def _was_left(request: TokenRequest) -> bool:
    """Whether the client left in the middle of an answer that came byte by byte."""
    response = request.exchange.response
    if response is None or response.status != 200 or response.delivery.ending is not Ending.LEFT:
        return False
    return 0 < response.delivery.drip < _TOO_SLOW


@rule(
    id="BIQ411",
    level=Level.MUST,
    title="Any legal JSON is read: other order, white space, escapes, chunks, a slow line, other media type parameters",
    why="The article promises application/json and no more. Order and white space mean nothing in JSON (RFC 8259), a "
    "letter may be written as an escape, and a body may come in pieces. Code that searches the text for what it needs "
    "works until the server's next version.",
    instead="Read the whole body, then give it to a JSON parser; compare only the media type of Content-Type.",
    references=("A36", "RFC 8259 2", "RFC 9110 8.3.1"),
    fixes={
        "shell scripts": "jq -r .access_token in place of sed, grep and cut",
        "Perl": "JSON::XS or Cpanel::JSON::XS: JSON::PP up to 4.16, on which JSON falls back, loses a 0 that is "
        "written \\u0030",
    },
    good=story(signed_in(_PRETTY), called()),
    bad=story(signed_in(_PRETTY), "exit: 1"),
    select=_select,
    reads=Part.HEADERS | Part.RESPONSE,
    seen=True,
)
def json_variety_refused(answers: Answers) -> Problems:
    """Find a client that fails on such an answer; an info where only the case of the media type is unusual."""
    if all(map(traits.is_typed_in_other_letters, answers.requests)):
        return refused(answers, "whose media type is written in other letters", Severity.INFO)
    return refused(answers, "in another legal form of JSON")
