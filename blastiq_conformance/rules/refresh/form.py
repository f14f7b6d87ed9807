"""BIQ502, 503, 504, 507 and 512: the form of a refresh: what it must name, and what it must not."""

from blastiq_conformance.catalogue import Level, Part, Problem, Problems, Severity, ShownBy, quote, rule
from blastiq_conformance.catalogue.example_messages import REFRESH_1, granted, refreshed, renewal, signed_in, story
from blastiq_conformance.catalogue.request_form import (
    malformed,
    secret_in_basic,
    unwanted,
    wrong_client_id,
    wrong_grant,
)
from blastiq_conformance.evidence import TokenRequest, refreshes
from blastiq_conformance.evidence.lineage import Refresh, refresh_history

_GOOD = story(signed_in(), refreshed(REFRESH_1, granted()))
_FIELDS = f"grant_type=refresh_token&refresh_token={REFRESH_1}"
_JSON = f"""POST /identity/connect/token
Content-Type: application/json

{{"grant_type":"refresh_token","refresh_token":"{REFRESH_1}","client_id":"external.customer"}}"""
# What the server grants where nothing is asked for (server.md 1.3), and what the article allows asking for (A34).
_DEFAULT_SCOPE = frozenset({"cosmos", "offline_access"})


def _renewed_with(more: str) -> str:
    return story(signed_in(), renewal(_FIELDS + more))


@rule(
    id="BIQ502",
    level=Level.MUST,
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
    good=_GOOD,
    bad=story(signed_in(), _JSON),
    select=refresh_history,
    reads=Part.BODY | Part.HEADERS,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def refresh_malformed(refresh: Refresh) -> Problems:
    """Find a wrong method, media type, place or grant, and a refresh token that was altered, or never sent."""
    request = refresh.request
    yield from malformed(request)
    yield from wrong_grant(request, "refresh_token")
    if refresh.altered:
        yield Problem(
            message="the refresh token was altered on its way",
            expected="refresh_token= with the refresh token as it was issued",
            received=f"{request.first('refresh_token')}, the issued one, {refresh.altered}",
            parameter="refresh_token",
        )
    # That a client has no refresh token to send after an answer without one is BIQ506's or BIQ415's.
    if refresh.presents_nothing and not refresh.none_returned:
        yield Problem(
            message="the refresh carries no refresh token",
            expected="refresh_token= with the refresh token that came last",
            received=request.received("refresh_token"),
            parameter="refresh_token",
            missing=True,
        )


@rule(
    id="BIQ503",
    level=Level.MUST,
    title="A refresh names its client: client_id in the body",
    why="A client without a secret is identified by its client_id alone (RFC 6749 sections 3.2.1 and 6). Some "
    "libraries send it on the sign-in and leave it out here, so that the integration stops when its first token "
    "expires.",
    instead="Send client_id in the body of each refresh, as on the sign-in.",
    references=("RFC 6749 3.2.1", "RFC 6749 6", "A32"),
    fixes={
        "requests-oauthlib": "refresh_token(url, client_id=...): extra keywords go into the body",
        "Duende.IdentityModel (from 6.0)": "ClientCredentialStyle = ClientCredentialStyle.PostBody",
        "golang.org/x/oauth2": "Endpoint.AuthStyle = oauth2.AuthStyleInParams",
        "simple-oauth2": "it always sends Basic, or a secret in the body: post the form yourself",
    },
    good=_GOOD,
    bad=_renewed_with(""),
    select=refreshes,
    seen=True,
)
def refresh_without_client_id(request: TokenRequest) -> Problems:
    """Find an absent or other client_id; the profile lenient forgives one in Basic alone (D1, D32)."""
    return wrong_client_id(request)


@rule(
    id="BIQ504",
    level=Level.MUST_NOT,
    title="No audience, no client_secret and no client assertion on a refresh",
    why="The article asks not to send audience and client_secret. That holds for every token request, and a refresh is "
    "often built in another place, by a library that adds what it was once configured with.",
    instead="Leave these parameters out: absent, not empty; and send no Basic credentials.",
    references=("A33", "A35"),
    fixes={
        "authlib": "token_endpoint_auth_method='none'",
        "httpx": "leave client_secret out of the dict: None becomes an empty field",
        "openid-client": "token_endpoint_auth_method: 'none'",
        "requests-oauthlib": "no client_secret in refresh_token and auto_refresh_kwargs: an empty one is sent too",
    },
    good=_GOOD,
    bad=_renewed_with("&client_id=external.customer&client_secret=s3cr3t"),
    select=refreshes,
    reads=Part.BODY | Part.HEADERS,
)
def refresh_with_unused_parameter(request: TokenRequest) -> Problems:
    """Find each of them wherever it was put."""
    yield from unwanted(request, "audience", "client_secret", "client_assertion", "client_assertion_type")
    yield from secret_in_basic(request)


@rule(
    id="BIQ512",
    level=Level.MUST_NOT,
    title="A refresh carries no username and no password",
    why="A refresh token exists so that the password need not be sent again (RFC 6749 sections 4.3.1 and 6). The "
    "server does not read these fields on a refresh, so they only travel once more, into one more log.",
    instead="Send grant_type, refresh_token and client_id, and nothing else; or sign in again by the password grant "
    "alone.",
    references=("RFC 6749 6", "RFC 6749 4.3.1"),
    fixes={"own code": "build the fields of the refresh anew: do not add to the dict of the sign-in"},
    good=_GOOD,
    bad=_renewed_with(
        "&client_id=external.customer\n&username=svc.pit-42%40mine.example&password=k7Fq2vN9xW4mZ8tR1pLs"
    ),
    select=refreshes,
)
def refresh_with_password(request: TokenRequest) -> Problems:
    """Find either field, wherever it was put."""
    return unwanted(request, "username", "password")


@rule(
    id="BIQ507",
    level=Level.MUST_NOT,
    title="A refresh asks for no more scope than was granted",
    why="A refresh must not ask for a scope that the sign-in was not granted (RFC 6749 section 6), and the article "
    "needs no scope at all. IdentityServer ignores the parameter here, other servers answer invalid_scope.",
    instead="Leave scope out of the refresh.",
    references=("RFC 6749 6", "A34"),
    fixes={"OpenID Connect libraries": "set the scope to cosmos, or to nothing, in place of openid profile"},
    good=_GOOD,
    bad=_renewed_with("&client_id=external.customer&scope=cosmos+openid+profile"),
    select=refresh_history,
    shown_by=ShownBy.ANY_SIGN_IN,
)
def refresh_with_wider_scope(refresh: Refresh) -> Problems:
    """Find a scope beyond the one granted with the refresh token (D28); an empty one is a warning (D3)."""
    granted_scope = _granted(refresh)
    for field in refresh.request.all("scope"):
        wider = [word for word in field.value.split() if word not in granted_scope]
        if not wider and field.value.strip():
            continue
        yield Problem(
            message=f"the refresh asks for more than was granted: {quote(*wider)}" if wider else "the scope is empty",
            expected=f"no scope parameter, or at most: {quote(*sorted(granted_scope))}",
            received=refresh.request.quote(field),
            parameter="scope",
            severity=None if wider else Severity.WARNING,
        )


def _granted(refresh: Refresh) -> frozenset[str]:
    if refresh.origin is None:
        return _DEFAULT_SCOPE
    answered = refresh.origin.told("scope")
    # An answer without scope grants what was asked for: RFC 6749 5.1.
    scope = answered if answered is not None else refresh.origin.value("scope") or ""
    return frozenset(scope.split()) or _DEFAULT_SCOPE
