"""BIQ411: JSON as other servers write it."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Flaw, Level, Outcome, Part, Severity, rule
from blastiq_conformance.example_messages import HANDLE_1, TOKEN_1, called, signed_in, story
from blastiq_conformance.rules.response.traits import (
    Answers,
    answers_with,
    is_typed_in_other_letters,
    is_varied,
    refused,
)

_PRETTY = f"""{{
  "scope": "cosmos offline_access",
  "refresh_token": "{HANDLE_1}",
  "token_type": "Bearer",
  "expires_in": 3600,
  "access_token": "{TOKEN_1}"
}}"""


@rule(
    id="BIQ411",
    name="json-variety-refused",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="Any legal JSON is read: other order, white space, escapes, chunks, a slow line, other media type parameters",
    why="The article promises application/json and no more. Order and white space mean nothing in JSON (RFC 8259), a "
    "letter may be written as an escape, a body may come in pieces, and a media type in any letter case, with "
    "parameters or without. Code that searches the text for what it needs works until the server's next version.",
    instead="Read the whole body, then give it to a JSON parser; of Content-Type compare the media type alone.",
    references=("A36", "RFC 8259 2", "RFC 9110 8.3.1"),
    fixes={"shell scripts": "jq -r .access_token in place of sed, grep and cut"},
    good=story(signed_in(_PRETTY), called()),
    bad=story(signed_in(_PRETTY), "exit: 1"),
    select=answers_with(is_varied),
    absent=Outcome.INAPPLICABLE,
    reads=Part.HEADERS | Part.RESPONSE,
    seen=True,
)
def json_variety_refused(answers: Answers) -> Iterator[Flaw]:
    """Find a client that fails on such an answer; that letters of a media type have no case is less widely known."""
    if all(map(is_typed_in_other_letters, answers.requests)):
        return refused(answers, "whose media type is written in other letters", Severity.WARNING)
    return refused(answers, "in another legal form of JSON")
