"""BIQ415: an answer without a refresh token."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, TOKEN_2, called, died, granted, signed_in, story
from blastiq_conformance.evidence import TokenRequest
from blastiq_conformance.evidence.lineage import refresh_history
from blastiq_conformance.rules.response.traits import Answers, answers_with, has_no_refresh_token, refused

_NONE = granted(TOKEN_1, "")


def _signed_in_without(request: TokenRequest) -> bool:
    return not request.is_refresh and has_no_refresh_token(request)


@rule(
    id="BIQ415",
    level=Level.MUST,
    title="The integration works without a refresh token",
    why="refresh_token is optional in a token answer (RFC 6749 section 5.1), and IdentityServer sends none where the "
    "scope was cosmos alone. The access token is as good as ever; when it has expired, signing in again brings the "
    "next.",
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
    select=answers_with(has_no_refresh_token),
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
