"""BIQ401, BIQ402, BIQ403, BIQ415 and BIQ416: members of the token answer that are new, spelt otherwise or missing."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, TOKEN_2, called, died, granted, signed_in, story
from blastiq_conformance.catalogue.symptoms import Symptom
from blastiq_conformance.evidence import TokenRequest
from blastiq_conformance.evidence.lineage import refresh_history
from blastiq_conformance.rules.response import traits
from blastiq_conformance.rules.response.traits import Answers, answers_with, refused

_EXTRA = granted()[:-1] + ',"not-before-policy":0,"session":{"id":"7f"}}'


@rule(
    id="BIQ401",
    level=Level.MUST,
    title="Members of the token answer that the client does not know are ignored",
    why="A client must ignore what it does not know in a token answer (RFC 6749 section 5.1), and BlastIQ does not "
    "count an added field as a breaking change: a strict parser stops working on the day that one is added.",
    instead="Read the members that you need, and configure the parser to skip the rest.",
    references=("RFC 6749 5.1", "S"),
    fixes={
        "Jackson": "FAIL_ON_UNKNOWN_PROPERTIES = false, or @JsonIgnoreProperties(ignoreUnknown = true)",
        "pydantic": "extra='ignore'",
        "Go encoding/json": "no DisallowUnknownFields",
        "System.Text.Json": "UnmappedMemberHandling = Skip",
    },
    good=story(signed_in(_EXTRA), called()),
    bad=story(signed_in(_EXTRA), "exit: 1"),
    select=answers_with(traits.has_extra_members),
    reads=Part.HEADERS | Part.RESPONSE,
    seen=True,
)
def unknown_member_fatal(answers: Answers) -> Problems:
    """Find a client that fails on such an answer."""
    return refused(answers, "with members beyond the standard's")


_WITHOUT_SCOPE = granted().replace(',"scope":"cosmos offline_access"', "")


@rule(
    id="BIQ416",
    level=Level.MUST,
    title="A token answer without scope is used like any other",
    why="scope is optional in a token answer (RFC 6749 section 5.1), and IdentityServer4 2.3 sends none. The article "
    "needs no scope at all: the API tells what was granted when it is called.",
    instead="Take scope only if it is there.",
    references=("RFC 6749 5.1", "A34"),
    fixes={"JavaScript": "(answer.scope ?? '').split(' ')"},
    good=story(signed_in(_WITHOUT_SCOPE), called()),
    bad=story(signed_in(_WITHOUT_SCOPE), "exit: 1"),
    select=answers_with(traits.has_no_scope),
    reads=Part.HEADERS | Part.RESPONSE,
    seen=True,
)
def missing_scope_fatal(answers: Answers) -> Problems:
    """Find a client that fails on such an answer."""
    return refused(answers, "without scope")


_LOWER = granted().replace("Bearer", "bearer")
_MAC = granted().replace("Bearer", "mac")


@rule(
    id="BIQ402",
    level=Level.MUST,
    title="token_type is compared without regard to case",
    why="The value of token_type is case-insensitive (RFC 6749 section 5.1): bearer and BEARER mean what Bearer means.",
    instead="Compare in lower case, and write Bearer in the Authorization header yourself.",
    references=("RFC 6749 5.1", "RFC 6750 4"),
    fixes={"own code": "tokenType.toLowerCase() === 'bearer'"},
    good=story(signed_in(_LOWER), called()),
    bad=story(signed_in(_LOWER), "exit: 1"),
    select=answers_with(traits.is_bearer_in_other_case),
    reads=Part.HEADERS | Part.RESPONSE,
    seen=True,
)
def token_type_case_refused(answers: Answers) -> Problems:
    """Find a client that fails on another spelling of Bearer."""
    return refused(answers, f"with token_type {quote(answers.requests[-1].answer.get('token_type'))}")


@rule(
    id="BIQ403",
    level=Level.MUST_NOT,
    severity=Severity.WARNING,
    title="A token of an unknown type is not used as a bearer token",
    why="A client must not use a token whose type it does not understand (RFC 6749 section 7.1): a DPoP or MAC token "
    "sent as a bearer token gives away what its type was meant to protect. Many libraries do not check.",
    instead="Check that token_type is bearer, in any case; otherwise report the failure and stop.",
    references=("RFC 6749 7.1", "RFC 6749 5.1"),
    good=story(signed_in(_MAC), "exit: 1"),
    bad=story(signed_in(_MAC), called()),
    select=answers_with(traits.is_no_bearer),
    reads=Part.HEADERS,
    refusal=Symptom.NO_CALL,
)
def unknown_token_type_used(answers: Answers) -> Problems:
    """Find a call of the API with such a token."""
    for request in answers.requests:
        if request.access_token in answers.used:
            kind = request.answer.get("token_type")
            yield Problem(
                message="a token of another type was used as a bearer token",
                expected="no call of the API with a token that is not a bearer token",
                received="no token_type" if kind is None else f"token_type {quote(kind)}",
                parameter="token_type",
                exchange=request.exchange.number,
            )


_NONE = granted(TOKEN_1, "")


def _signed_in_without(request: TokenRequest) -> bool:
    return not request.is_refresh and traits.has_no_refresh_token(request)


@rule(
    id="BIQ415",
    level=Level.MUST,
    title="The integration works without a refresh token",
    why="refresh_token is optional in a token answer (RFC 6749 section 5.1), and IdentityServer sends none where the "
    "scope was cosmos alone. When the access token has expired, signing in again brings the next.",
    instead="Take the refresh token only if there is one; otherwise sign in again on 401.",
    references=("RFC 6749 5.1", "A24", "A34"),
    fixes={"JavaScript": "no answer.refresh_token.length or the like before checking that it is there"},
    good=story(
        "facts: api_calls = 2",
        signed_in(_NONE),
        called(),
        died(),
        signed_in(granted(TOKEN_2, "")),
        called(TOKEN_2),
    ),
    bad=story(signed_in(_NONE), "exit: 1"),
    select=answers_with(traits.has_no_refresh_token),
    reads=Part.HEADERS | Part.RESPONSE,
)
def refresh_token_demanded(answers: Answers) -> Problems:
    """Find a client that fails on such an answer, or refreshes without a token; one that is stuck later is BIQ501."""
    yield from refused(answers, "without a refresh token")
    for refresh in refresh_history(answers.evidence):
        previous = refresh.previous
        if previous is not None and refresh.presents_nothing and _signed_in_without(previous):
            sent = refresh.request.first("refresh_token")
            yield Problem(
                message="a refresh was sent, though no refresh token had come",
                expected="a new sign-in by the password grant",
                received=str(sent) if sent is not None else "grant_type=refresh_token without refresh_token",
                parameter="refresh_token",
                exchange=refresh.request.exchange.number,
            )
