"""BIQ603: the token is sent in one way, not in two at once."""

from collections.abc import Sequence

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Problems, ShownBy, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.api_call import ApiCall, TokenPlace
from blastiq_conformance.evidence.quotation import quote, quote_authorization
from blastiq_conformance.evidence.selection import suspects


def _select(evidence: Evidence) -> Sequence[ApiCall]:
    odd = evidence.odd_calls
    return suspects(evidence.api_calls, odd, (call for call in odd if call.authorization is not None))


@rule(
    id="BIQ603",
    level=Level.MUST_NOT,
    title="The access token is sent in one place only",
    why="A request that carries a token twice is invalid by the bearer token standard, and servers answer it with 400. "
    "The second copy, in a cookie, a custom header or the body, is also one that no log masks.",
    instead="Keep the Authorization header, and send the token nowhere else.",
    references=("RFC 6750 2", "D35"),
    good=story(signed_in(), called()),
    bad=story(
        signed_in(),
        f"GET /api\nAuthorization: Bearer {TOKEN_1}\nCookie: access_token={TOKEN_1}\nHTTP/1.1 200 OK\n\n",
    ),
    select=_select,
    absent=Outcome.UNTESTED,
    reads=Part.HEADERS | Part.BODY,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def token_sent_twice(call: ApiCall) -> Problems:
    """Find a copy of the token beside the header; one in the query is BIQ602's, for removing it fixes both."""
    headers = call.request.headers.get_all("authorization")
    second = [f"Authorization: {quote_authorization(value)}" for value in headers[1:]]
    second += [
        f"{sent.place} {quote(sent.name)}: {quote(sent.token)}"
        for sent in call.tokens
        if sent.place not in {TokenPlace.AUTHORIZATION, TokenPlace.QUERY}
    ]
    if second:
        yield Problem(
            message="the access token is sent in more than one place",
            expected="the Authorization header alone, once",
            received=f"Authorization: {quote_authorization(headers[0])}, and {'; '.join(second)}",
            parameter="Authorization",
        )
