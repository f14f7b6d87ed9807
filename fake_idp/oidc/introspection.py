"""Userinfo, introspection, revocation and device authorization, as the product answers a public client."""

from collections.abc import Callable
from typing import TypeGuard

from fake_idp.oidc.attempt import Attempt
from fake_idp.oidc.authority import Authority
from fake_idp.oidc.form import BrokenForm, collect, first, form_type, read_pairs
from fake_idp.oidc.keys import Defect
from fake_idp.oidc.replies import JSON_HEADERS, NO_STORE, TOKEN_HEADERS, OAuthError, dumps, empty
from fake_idp.oidc.tokens import OPENID, Grant
from fake_idp.server_config import Flavour
from fake_idp.wire import Json, Request, Response

# Seconds by which the clocks of others may be slow: a token stays valid here that much longer.
_SKEW = 300
_HINTS = frozenset({"", "access_token", "refresh_token"})


def answer_userinfo(request: Request, authority: Authority) -> Response:
    """Give the subject of a token that was granted openid; a token for the API alone is not enough."""
    token, now = _bearer(request, authority.config.flavour), authority.clock.wall() - _SKEW
    grant = authority.token_store.look_up(token, now)
    if not _is_alive(grant, authority):
        return _refused(token, now, authority)
    if OPENID not in grant.scopes:
        return _challenge(authority, 403, "insufficient_scope")
    flavour = authority.config.flavour
    return Response(status=200, headers=TOKEN_HEADERS, body=dumps({"sub": grant.user.subject}, flavour))


def answer_introspection(request: Request, authority: Authority) -> Response:
    """Describe its own token to a client of Duende; IdentityServer4 refuses: only an API with a secret may ask."""
    return _answer_form(request, authority, _introspect)


def _introspect(attempt: Attempt) -> Response:
    if attempt.client_problem is not None or attempt.flavour is not Flavour.DUENDE:
        return empty(401)
    token = attempt.get("token")
    if not token:
        raise OAuthError("missing_token")
    about = _of_access_token(token, attempt) or _of_refresh_token(token, attempt) or {"active": False}
    return Response(status=200, headers=TOKEN_HEADERS, body=dumps(about, attempt.flavour))


def answer_revocation(request: Request, authority: Authority) -> Response:
    """Forget a refresh token; an access token is a JWT and lives on, and an unknown token is not an error (RFC 7009).

    A hint is believed: with that of an access token no refresh token is looked for.
    """
    return _answer_form(request, authority, _revoke)


def _revoke(attempt: Attempt) -> Response:
    if attempt.client_problem is not None:
        return _error(attempt.client_problem, attempt.authority)
    token = attempt.get("token")
    if not token:
        return _error("invalid_request", attempt.authority)
    hint = attempt.get("token_type_hint")
    if hint not in _HINTS:
        return _error("unsupported_token_type", attempt.authority)
    if hint != "access_token":
        attempt.authority.token_store.revoke(token)
    return empty(200)


def answer_device(request: Request, authority: Authority) -> Response:
    """Refuse a device authorization: the client may not use that grant."""
    raise OAuthError(_no_grant(request, authority))


def answer_backchannel(request: Request, authority: Authority) -> Response:
    """Refuse a backchannel authentication (CIBA), which Duende knows and this client may not use."""
    problem = _no_grant(request, authority)
    words = "Unauthorized client" if problem == "unauthorized_client" else ""
    status = 401 if problem == "invalid_client" else 400
    raise OAuthError(problem, words, status=status)


def _no_grant(request: Request, authority: Authority) -> str:
    attempt = Attempt(request, authority)
    if request.method.upper() != "POST" or not attempt.is_form:
        return "invalid_request"
    try:
        if (problem := attempt.client_problem) is not None:
            return problem
        read_pairs(request)
    except BrokenForm:
        if attempt.flavour is not Flavour.DUENDE:
            raise
        return "invalid_request"
    return "unauthorized_client"


def _answer_form(request: Request, authority: Authority, answer: Callable[[Attempt], Response]) -> Response:
    """Answer a form, and refuse what is none; raises BrokenForm where the product does not catch it."""
    attempt = Attempt(request, authority)
    if not attempt.is_form:
        return empty(415)
    try:
        return answer(attempt)
    except BrokenForm:
        if attempt.flavour is not Flavour.DUENDE:
            raise
        return empty(400)


def _of_access_token(token: str, attempt: Attempt) -> dict[str, Json] | None:
    authority = attempt.authority
    if not _is_alive(authority.token_store.look_up(token, attempt.now - _SKEW), authority):
        return None
    claims = authority.keys.examine(token, attempt.flavour)
    if isinstance(claims, Defect):
        return None
    scopes = claims.pop("scope", [])
    spaced = " ".join(map(str, scopes)) if isinstance(scopes, list) else str(scopes)
    # A claim with one value is not a list.
    members = {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in claims.items()
    }
    return {**members, "token_type": "access_token", "active": True, "scope": spaced}


def _of_refresh_token(token: str, attempt: Attempt) -> dict[str, Json] | None:
    grant, expires = attempt.authority.token_store.granted(token, attempt.now) or (None, 0)
    if not _is_alive(grant, attempt.authority):
        return None
    times: dict[str, Json] = {"iat": int(expires) - attempt.config.refresh_token_lifetime, "exp": int(expires)}
    who: dict[str, Json] = {"client_id": attempt.config.client_id, "token_type": "refresh_token"}
    return {**who, **times, "sub": grant.user.subject, "active": True, "scope": " ".join(grant.scopes)}


def _is_alive(grant: Grant | None, authority: Authority) -> TypeGuard[Grant]:
    """Say whether there is a grant whose user may still sign in."""
    return grant is not None and authority.find_user(grant.user.username) is not None


def _error(code: str, authority: Authority) -> Response:
    return Response(status=400, headers=JSON_HEADERS, body=dumps({"error": code}, authority.config.flavour))


def _bearer(request: Request, flavour: Flavour) -> str:
    # The product's own parser wants "Bearer" in this case (R68), and then looks into a form.
    header = (request.headers.get("authorization") or "").strip()
    if header.startswith("Bearer") and header[6:].strip():
        return header[6:].strip()
    is_form = form_type(request, flavour) is not None
    return first(collect(read_pairs(request)).get("access_token")) if is_form else ""


def _refused(token: str, now: float, authority: Authority) -> Response:
    if authority.token_store.death(token, now) is not None:
        return _challenge(authority, 401, "invalid_token", "The access token expired")
    claims = authority.keys.examine(token, authority.config.flavour)
    # An id_token: v2 does not look at the type, and finds no scope; v4 tells of the type in words of its own.
    if not isinstance(claims, Defect) and "client_id" not in claims:
        match authority.config.flavour:
            case Flavour.IS4_V2:
                return _challenge(authority, 403, "insufficient_scope")
            case Flavour.IS4:
                return _challenge(authority, 401, "invalid JWT token type")
    return _challenge(authority, 401, "invalid_token")


def _challenge(authority: Authority, status: int, error: str, description: str = "") -> Response:
    parts = [f'error="{error}"', *([f'error_description="{description}"'] if description else [])]
    # Before v4, a header line for each part; later, one for all.
    if authority.config.flavour is Flavour.IS4_V2:
        parts = ["Bearer", *parts]
    else:
        parts = [",".join(['Bearer realm="IdentityServer"', *parts])]
    return empty(status, *NO_STORE, *(("WWW-Authenticate", part) for part in parts))
