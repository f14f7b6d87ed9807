"""BIQ406, BIQ407 and BIQ411: a token may look like anything, and an answer like any legal JSON."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Problem, Problems, Severity, rule
from blastiq_conformance.catalogue.example_messages import REFRESH_1, TOKEN_1, called, granted, signed_in, story
from blastiq_conformance.evidence import Evidence, TokenRequest
from blastiq_conformance.rules.response import traits
from blastiq_conformance.rules.response.traits import Answers, answers_with, fetched_anew, refused
from fake_idp.secrets.patterns import SHORTEST_PREFIX
from fake_idp.wire import Ending

# The server's own tokens have 1 to 2 KiB.
_LENGTHY = 4096
_OPAQUE = "9A4C61E07D5B42F8B3E1065C7F28DA90"
_LONG = TOKEN_1 + "c2lnbmVk" * 550


@rule(
    id="BIQ406",
    level=Level.MUST_NOT,
    severity=Severity.WARNING,
    title="The access token is opaque: it works whatever it looks like",
    why="The token is made for the API, and a client must not look into it (RFC 6749 section 1.4, RFC 9068 section 6). "
    "Code that decodes it breaks when the server changes to reference tokens, and before that with plain base64, which "
    "cannot read the - and _ of base64url.",
    instead="Send the token as it came, and learn its lifetime from expires_in and from the API's 401.",
    references=("RFC 6749 1.4", "RFC 9068 6"),
    good=story(signed_in(granted(_OPAQUE)), called(_OPAQUE)),
    bad=story(signed_in(granted(_OPAQUE)), "exit: 1"),
    select=answers_with(traits.has_odd_token),
    seen=True,
)
def token_inspected(answers: Answers) -> Problems:
    """Find a client that fails on such a token (an error), or takes it for expired at once."""
    yield from refused(answers, "whose token is not a standard JWT", Severity.ERROR)
    yield from fetched_anew(answers, "whose token is not a standard JWT")


@rule(
    id="BIQ407",
    level=Level.SHOULD,  # RFC 6749 5.1
    severity=Severity.WARNING,  # as its level: D43
    title="A long access token is sent whole",
    why="No source limits the length of a token (RFC 6749 section 5.1 warns against assuming one), and a user with "
    "many rights gets a long one. A column or buffer of fixed size cuts it, and the API answers 401.",
    instead="Keep the token in a value without a length limit.",
    references=("RFC 6749 5.1",),
    good=story(signed_in(granted(_LONG)), called(_LONG)),
    bad=story(signed_in(granted(_LONG)), "exit: 1"),
    select=answers_with(lambda request: len(request.access_token or "") > _LENGTHY),
    seen=True,
)
def long_token_cut(answers: Answers) -> Problems:
    """Find a call with the beginning of a long token, or a client that fails on one."""
    cut = False
    for call in answers.evidence.odd_calls:
        for sent in call.tokens:
            whole = call.canaries.token_beginning_with(sent.token) if len(sent.token) >= SHORTEST_PREFIX else None
            if whole in answers.tokens:
                cut = True
                yield Problem(
                    message="the API was called with the beginning of a token",
                    expected="the whole token",
                    received=f"the first {len(sent.token)} characters of it",
                    exchange=call.exchange.number,
                )
    if not cut:
        yield from refused(answers, f"with a token of {max(map(len, answers.tokens))} characters")


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
    return answers_with(traits.variety)(evidence)


def _was_left(request: TokenRequest) -> bool:
    """Whether the client left in the middle of an answer that came byte by byte."""
    response = request.exchange.reply
    return response.status == 200 and response.delivery.ending is Ending.LEFT and traits.came_slowly(response)


@rule(
    id="BIQ411",
    level=Level.MUST,
    title="Any legal JSON is read: other order, white space, escapes, chunks, a slow line, other media type parameters",
    why="The article promises application/json and no more. Order and white space mean nothing in JSON (RFC 8259), a "
    "letter may be written as an escape, and a body may come in pieces. Code that searches the text for what it needs "
    "works until the server's next version.",
    instead="Read the whole body, undo chunks and the compression that was asked for, then give it to a JSON parser; "
    "compare only the media type of Content-Type.",
    references=("A36", "RFC 8259 2", "RFC 9110 8.3.1"),
    fixes={
        "undici, Node's http": "send no Accept-Encoding: they decode nothing; fetch, axios and got ask and decode",
        "shell scripts": "jq -r .access_token in place of sed, grep and cut",
        "Perl": "JSON::XS or Cpanel::JSON::XS: JSON::PP up to 4.16, on which JSON falls back, loses a 0 that is "
        "written \\u0030",
    },
    good=story(signed_in(_PRETTY), called()),
    bad=story(signed_in(_PRETTY), "exit: 1"),
    select=_select,
    seen=True,
)
def json_variety_refused(answers: Answers) -> Problems:
    """Find a client that fails on such an answer; an info where only the case of the media type is unusual."""
    if all(map(traits.is_typed_in_other_letters, answers.requests)):
        return refused(answers, "whose media type is written in other letters", Severity.INFO)
    # Several answers of one run are all of one kind.
    detail = traits.variety(answers.requests[-1])
    return refused(answers, "in another legal form of JSON", detail=f": the answer {detail}" if detail else "")
