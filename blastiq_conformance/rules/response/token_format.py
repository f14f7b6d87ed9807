"""BIQ406 and BIQ407: the access token is opaque, and may be long."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, granted, signed_in, story
from blastiq_conformance.rules.response import traits
from blastiq_conformance.rules.response.traits import Answers, answers_with, fetched_anew, refused
from fake_idp.secrets.patterns import SHORTEST_PREFIX

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
    reads=Part.HEADERS | Part.RESPONSE,
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
    select=answers_with(traits.has_long_token),
    reads=Part.HEADERS | Part.RESPONSE,
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
