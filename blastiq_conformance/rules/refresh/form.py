"""BIQ502: the form of a refresh."""

from collections.abc import Iterator

from blastiq_conformance.catalogue import Level, Part, Problem, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import REFRESH_1, granted, refreshed, signed_in, story
from blastiq_conformance.evidence.lineage import Refresh, refresh_history
from blastiq_conformance.evidence.parameters import KNOWN
from blastiq_conformance.evidence.token_request import Place, TokenRequest
from fake_idp.wire import FORM

_JSON = f"""POST /identity/connect/token
Content-Type: application/json

{{"grant_type":"refresh_token","refresh_token":"{REFRESH_1}","client_id":"external.customer"}}"""


@rule(
    id="BIQ502",
    level=Level.MUST,
    severity=Severity.ERROR,
    title="A refresh is a form POST with grant_type=refresh_token and the refresh token",
    why="A refresh is a token request like the first (RFC 6749 section 6): a POST whose body is a form with "
    "grant_type=refresh_token and refresh_token. The server accepts nothing else, and refuses it long after everything "
    "seemed to work.",
    instead="Send POST, Content-Type application/x-www-form-urlencoded, and both fields in the body under exactly "
    "these names.",
    references=("RFC 6749 6", "A27"),
    fixes={
        "axios": "give it URLSearchParams, not an object: an object becomes JSON",
        "requests, httpx": "data=, not json=",
    },
    good=story(signed_in(), refreshed(REFRESH_1, granted())),
    bad=story(signed_in(), _JSON),
    select=refresh_history,
    reads=Part.BODY | Part.HEADERS,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def refresh_malformed(refresh: Refresh) -> Iterator[Problem]:
    """Find a wrong method, media type, place or grant, and a refresh token that was altered, or never sent."""
    request = refresh.request
    yield from _envelope(request)
    grant = request.value("grant_type")
    if grant != "refresh_token":
        yield Problem(
            message="the refresh does not name its grant as the standard does",
            expected="grant_type=refresh_token",
            received=f"grant_type={quote(grant)}" if grant is not None else "no grant_type parameter",
            parameter="grant_type",
            missing=not grant,
        )
    if refresh.altered:
        yield Problem(
            message="the refresh token was altered on its way",
            expected="refresh_token= with the refresh token as it was issued",
            received=f"{request.first('refresh_token')}, the issued one, {refresh.altered}",
            parameter="refresh_token",
        )
    # That a client has no refresh token to send after an answer without one is BIQ506's or BIQ415's.
    if refresh.presents_nothing and not refresh.none_returned:
        sent = request.first("refresh_token")
        yield Problem(
            message="the refresh carries no refresh token",
            expected="refresh_token= with the refresh token that came last",
            received=str(sent) if sent is not None else "no refresh_token parameter",
            parameter="refresh_token",
            missing=True,
        )


def _envelope(request: TokenRequest) -> Iterator[Problem]:
    method = request.request.method
    if method != "POST":
        yield Problem(
            message="the refresh is not a POST",
            expected="POST",
            received=quote(method, request.request.path),
        )
    if request.disguise:
        yield Problem(
            message="the body of the refresh is labelled as a form, and is not one",
            expected="grant_type=refresh_token&refresh_token=…&client_id=…, each value form-encoded",
            received=f"Content-Type: {FORM}, and {request.disguise}",
        )
    if request.request.body and request.request.media_type != FORM:
        yield Problem(
            message="the body of the refresh is not declared as a form",
            expected=f"Content-Type: {FORM}",
            received=f"Content-Type: {quote(request.request.media_type or 'absent')}",
        )
    for field in request.fields:
        if field.place is Place.QUERY and field.name.lower() in KNOWN and not request.is_advertised(field):
            yield Problem(
                message=f"the refresh carries {quote(field.name)} in its URL",
                expected="every parameter in the body",
                received=request.quote(field),
                parameter=quote(field.name),
            )
