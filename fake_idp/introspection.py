"""Userinfo, introspection and revocation, as the product answers a public client."""

from fake_idp.attempt import MULTIPART, Attempt
from fake_idp.authority import Authority
from fake_idp.replies import JSON_HEADERS, NO_STORE, TOKEN_HEADERS, dumps, empty
from fake_idp.tokens import OPENID
from fake_idp.wire import FORM, Request, Response

_HINTS = frozenset({"", "access_token", "refresh_token"})


def answer_userinfo(request: Request, authority: Authority) -> Response:
    """Tell the subject of a token that was granted openid; a token for the API alone is not enough."""
    if request.method.upper() not in {"GET", "POST"}:
        return empty(405)
    grant = authority.vault.look_up(_bearer(request, authority), authority.clock.wall())
    if grant is None:
        return _challenge(401, "invalid_token")
    if OPENID not in grant.scopes:
        return _challenge(403, "insufficient_scope")
    flavour = authority.tenant.flavour
    return Response(status=200, headers=TOKEN_HEADERS, body=dumps({"sub": grant.user.subject}, flavour))


def answer_introspection(request: Request, authority: Authority) -> Response:  # noqa: ARG001 - all answer alike
    """Turn a public client away: only an API with a secret may ask."""
    return _not_a_posted_form(request) or empty(401)


def answer_revocation(request: Request, authority: Authority) -> Response:
    """Forget a refresh token; an access token is a JWT and lives on, and an unknown token is no error (RFC 7009)."""
    refused = _not_a_posted_form(request)
    if refused is not None:
        return refused
    attempt = Attempt(request, authority, authority.clock.wall())
    if attempt.client is None or attempt.client.client_id != authority.tenant.client_id:
        return _error("invalid_client", authority)
    token = attempt.get("token")
    if not token:
        return _error("invalid_request", authority)
    if attempt.get("token_type_hint") not in _HINTS:
        return _error("unsupported_token_type", authority)
    authority.vault.revoke(token)
    return empty(200)


def _not_a_posted_form(request: Request) -> Response | None:
    if request.method.upper() != "POST":
        return empty(405)
    return None if request.media_type in {FORM, MULTIPART} else empty(415)


def _error(code: str, authority: Authority) -> Response:
    return Response(status=400, headers=JSON_HEADERS, body=dumps({"error": code}, authority.tenant.flavour))


def _bearer(request: Request, authority: Authority) -> str:
    # The product's own parser wants "Bearer" in this case (R68), and then looks into a form.
    header = (request.headers.get("authorization") or "").strip()
    if header.startswith("Bearer") and header[6:].strip():
        return header[6:].strip()
    return Attempt(request, authority, 0.0).get("access_token") if request.media_type == FORM else ""


def _challenge(status: int, error: str) -> Response:
    # One header line for each part: so the product writes it.
    parts = ('Bearer realm="IdentityServer"', f'error="{error}"')
    return empty(status, *NO_STORE, *(("WWW-Authenticate", part) for part in parts))
