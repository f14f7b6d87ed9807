"""BIQ401 to BIQ403 and BIQ414 to BIQ416: members of the token answer that are new, spelt otherwise or missing."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, quote, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, TOKEN_2, called, died, granted, signed_in, story
from blastiq_conformance.catalogue.registries import TOKEN_RESPONSE
from blastiq_conformance.catalogue.symptoms import Symptom, symptoms
from blastiq_conformance.evidence import Evidence, TokenRequest
from blastiq_conformance.evidence.lineage import refresh_history
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
    select=answers_with(lambda request: request.answer.keys() - TOKEN_RESPONSE.keys()),
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
    select=answers_with(lambda request: "scope" not in request.answer),
    seen=True,
)
def missing_scope_fatal(answers: Answers) -> Problems:
    """Find a client that fails on such an answer."""
    return refused(answers, "without scope")


_LOWER = granted().replace("Bearer", "bearer")
_MAC = granted().replace("Bearer", "mac")


def _token_type(request: TokenRequest) -> str:
    return request.told("token_type") or ""


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
    select=answers_with(lambda request: _token_type(request) != "Bearer" and _token_type(request).lower() == "bearer"),
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
    select=answers_with(lambda request: _token_type(request).lower() != "bearer"),
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
    select=answers_with(lambda request: not request.answer.get("refresh_token")),
)
def refresh_token_demanded(answers: Answers) -> Problems:
    """Find a client that fails on such an answer, or refreshes without a token; one that is stuck later is BIQ501."""
    yield from refused(answers, "without a refresh token")
    for refresh in refresh_history(answers.evidence):
        previous = refresh.previous
        signed_in_without = previous is not None and not previous.is_refresh and refresh.none_returned
        if signed_in_without and refresh.presents_nothing:
            yield Problem(
                message="a refresh was sent, though no refresh token had come",
                expected="a new sign-in by the password grant",
                received=refresh.request.received("refresh_token"),
                parameter="refresh_token",
                exchange=refresh.request.exchange.number,
            )


_WITH_ID = granted().replace("{", f'{{"id_token":"{TOKEN_2}",')


def _with_id_token(evidence: Evidence) -> Sequence[Answers]:
    requests = tuple(r for r in evidence.token_requests if r.access_token is not None and r.answer.get("id_token"))
    # A client that only signs in and ends well shows nothing.
    shown = requests and (evidence.api_calls or evidence.failed)
    return (Answers(evidence=evidence, requests=requests),) if shown else ()


@rule(
    id="BIQ414",
    level=Level.MUST,
    severity=Severity.WARNING,
    title="The id_token is irrelevant: it may be there or not, and it is not an access token",
    why="The password grant brings an access token; IdentityServer adds no id_token to it, but another version may. A "
    "library made for logging people in looks for one and fails without it, and the API accepts only the access token.",
    instead="Take access_token, and ignore id_token.",
    references=("A23", "RFC 6749 5.1"),
    fixes={
        "OpenID Connect login libraries": "use their token endpoint call (grant), not their login callback",
        "MSAL": "it fails where no id_token comes, and cannot sign in as a Service User: post the form yourself",
    },
    good=story(signed_in(_WITH_ID), called()),
    bad=story(signed_in(_WITH_ID), called(TOKEN_2, "401 Unauthorized"), "exit: 1"),
    select=_with_id_token,
)
def id_token_relied_on(answers: Answers) -> Problems:
    """Find an id_token sent to the API, and a client that works with one and not without, or the other way round."""
    evidence, control = answers.evidence, answers.evidence.control
    id_tokens = {request.answer["id_token"] for request in answers.requests}
    for call in evidence.api_calls:
        if any(sent.token in id_tokens for sent in call.tokens):
            yield Problem(
                message="the API was called with the id_token",
                expected="the access_token of the same answer",
                received=f"Authorization: {call.shown_authorization}",
                parameter="id_token",
                exchange=call.exchange.number,
            )
            return
    if not answers.used:
        yield _unused("with", Symptom.NO_CALL)
    elif control is not None and control.access_tokens and Symptom.NO_CALL in symptoms(control, 1):
        yield _unused("without", None)


def _unused(how: str, symptom: Symptom | None) -> Problem:
    other = "without" if how == "with" else "with"
    return Problem(
        message=f"the integration could not use an answer {how} an id_token",
        expected="a call of the API with its access token, id_token or not",
        received=f"calls of the API after an answer {other} an id_token alone",
        parameter="id_token",
        symptom=symptom,
        missing=True,
    )
