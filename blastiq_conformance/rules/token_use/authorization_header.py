"""BIQ601: the access token travels in the Authorization header, as a bearer token."""

from collections.abc import Iterator, Sequence

from blastiq_conformance.catalogue import Level, Outcome, Part, Problem, Severity, ShownBy, rule
from blastiq_conformance.catalogue.example_messages import TOKEN_1, called, signed_in, story
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.api_call import ApiCall, TokenPlace
from blastiq_conformance.evidence.challenge import forgotten
from blastiq_conformance.evidence.clients import clients
from blastiq_conformance.evidence.quotation import quote, quote_authorization
from blastiq_conformance.evidence.selection import Selection, suspects


def _select(evidence: Evidence) -> Sequence[ApiCall]:
    odd = evidence.odd_calls
    carrying = suspects(
        evidence.api_calls, odd, (call for call in odd if call.authorization is not None or call.tokens)
    )
    if carrying.checked or not evidence.access_tokens:
        bare = [call for client in clients(evidence) for call in forgotten(client)]
        calls = sorted([*carrying, *bare], key=lambda call: call.exchange.number)
        return Selection(calls, checked=carrying.checked + len(bare))
    # There was a token, and no call of the API carried one: each call lacks it.
    first = min(evidence.access_tokens.values())
    return [call for call in evidence.api_calls if call.exchange.number > first]


@rule(
    id="BIQ601",
    level=Level.MUST,  # a call with the token has to be seen (A23); of its place RFC 6750 2.1 says SHOULD
    severity=Severity.ERROR,
    title="The access token is sent in the Authorization header, with the scheme Bearer",
    why="Every server that accepts bearer tokens accepts them there. A cookie, a custom header or another scheme works "
    "with no known product, and hides the token from the proxies and logs that would mask it. Where the API takes it "
    "all the same, that is a warning.",
    instead="Send `Authorization: Bearer <access_token>` with each call of the API.",
    references=("RFC 6750 2.1", "A23"),
    fixes={
        "requests, httpx": 'headers={"Authorization": f"Bearer {token}"}',
        "Django REST samples": "write Bearer where they write Token",
        "curl": "--oauth2-bearer, or -H 'Authorization: Bearer …'",
    },
    good=story(signed_in(), called()),
    bad=story(signed_in(), f"GET /api\nX-Token: {TOKEN_1}\nHTTP/1.1 401 Unauthorized\n\n", "exit: 1"),
    select=_select,
    absent=Outcome.UNTESTED,
    reads=Part.HEADERS,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def token_outside_authorization_header(call: ApiCall) -> Iterator[Problem]:
    """Find tokens under another scheme, or elsewhere instead of in the header; the query is BIQ602's."""
    header = call.authorization
    if header is not None:
        scheme, _, rest = header.strip().partition(" ")
        if header.strip() in call.issued or (scheme.lower() != "bearer" and rest.strip(" \"'") in call.issued):
            yield _problem(
                call,
                f"Authorization: {quote_authorization(header)}",
                "the access token is sent without the scheme Bearer",
            )
            return
        # A scheme that only begins like Bearer is BIQ604's.
        if scheme.lower().startswith("bearer"):
            return
        if any(leak.whole for leak in call.canaries.token_search.find(header)):
            yield _problem(
                call,
                f"Authorization: {quote_authorization(header)}",
                "the access token is sent under another scheme than Bearer",
            )
            return
    for sent in call.tokens:
        if sent.place not in {TokenPlace.AUTHORIZATION, TokenPlace.QUERY}:
            yield _problem(
                call,
                f"{sent.place} {quote(sent.name)}: {quote(sent.token)}",
                "the access token is sent at another place",
            )
    if not call.tokens:
        yield _problem(
            call, quote(call.request.method, call.request.target), "the API is called without the access token"
        )


def _problem(call: ApiCall, received: str, message: str) -> Problem:
    return Problem(
        message=message,
        expected="Authorization: Bearer <access_token>",
        received=received,
        parameter="Authorization",
        missing=not call.tokens,
        severity=Severity.WARNING if call.accepted else None,
    )
