"""The grants, each with its checks in the product's order: password, refresh_token, code where people may sign in."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from fake_idp.oidc.attempt import MAX_LENGTH, Attempt
from fake_idp.oidc.form import units
from fake_idp.oidc.replies import OAuthError
from fake_idp.oidc.resources import has_unknown, named_resources
from fake_idp.oidc.tokens import IDENTITY_SCOPES, OFFLINE_ACCESS, OPENID, Grant
from fake_idp.secrets.search import Secret
from fake_idp.server_config import Flavour, ServiceUser

# server.md 1.2 row 9.
MAX_SCOPE_LENGTH = 300
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
# Known to the product, not allowed for this client (server.md 1.2 row 7).
NOT_ALLOWED = frozenset({"client_credentials", DEVICE_CODE})
CIBA = "urn:openid:params:grant-type:ciba"  # known to Duende alone


def grant_password(attempt: Attempt) -> Grant:
    """Sign a Service User in: resource and scope before credentials (server.md 1.2)."""
    scopes = _scopes(attempt)
    return _new_grant(attempt, _user(attempt), scopes, authenticated=int(attempt.now))


def grant_code(attempt: Attempt) -> Grant:
    """Give what a person allowed in a browser; the code is used up, whatever else is wrong."""
    authority = attempt.authority
    code = authority.session_store.take(attempt.get("code"))
    if code is None or attempt.now >= code.issued + authority.config.authorization_code_lifetime:
        raise OAuthError("invalid_grant")
    address, verifier = attempt.get("redirect_uri"), attempt.get("code_verifier")
    if not address:
        raise OAuthError("unauthorized_client")
    session, ask = code.session, code.ask
    proved = address == ask.redirect_uri and ask.is_proved_by(verifier)
    if not proved or authority.find_user(session.user.username) is None:
        raise OAuthError("invalid_grant")
    grant = _new_grant(attempt, session.user, ask.scopes, authenticated=session.authenticated, session=session.id)
    attempt.identifies = OPENID in ask.scopes
    # The id_token of a refresh has no nonce: it answers no authorization request (OpenID Connect Core 12.2).
    return replace(grant, scopes=_narrowed(attempt, ask.scopes), nonce=ask.nonce, state=ask.state, is_answer=True)


def grant_refresh(attempt: Attempt) -> Grant:
    """Renew an access token; the scopes stay those of the sign-in, whatever is asked for (server.md 1.5)."""
    authority, refresh_token = attempt.authority, attempt.get("refresh_token")
    if not refresh_token:
        raise OAuthError("invalid_request")
    config, store = authority.config, authority.token_store
    granted = store.granted(refresh_token, attempt.now) if config.offline_access else None
    if granted is None or authority.find_user(granted[0].user.username) is None:
        raise OAuthError("invalid_grant")
    grant, _ = granted
    # Of an authorization request, Duende knows what was asked for.
    words = "Resource indicator does not match any resource indicator in the original authorize request."
    _check_resource(attempt, grant.scopes, words if grant.session else "Invalid resource indicator.")
    # A refused request leaves the token as it was: the product renews it when it answers. Of two at once one is late.
    redeemed = store.redeem(refresh_token, config, attempt.now)
    if redeemed is None:
        raise OAuthError("invalid_grant")
    grant, attempt.refresh_token = redeemed
    attempt.identifies = OPENID in grant.scopes
    if attempt.refresh_token is not None:
        authority.journal.issue(Secret("refresh_token", attempt.refresh_token))
    return grant


GRANTS: dict[str, Callable[[Attempt], Grant]] = {
    "password": grant_password,
    "authorization_code": grant_code,
    "refresh_token": grant_refresh,
}


def _new_grant(
    attempt: Attempt, user: ServiceUser, scopes: tuple[str, ...], *, authenticated: int, session: str = ""
) -> Grant:
    authority, now = attempt.authority, int(attempt.now)
    grant = Grant(
        user=user,
        scopes=scopes,
        issuer=authority.issuer(attempt.request),
        authenticated=authenticated,
        issued=now,
        not_before=now,
        expires=now + authority.config.access_token_lifetime,
        token_id=authority.random(16).hex().upper(),
        session=session,
    )
    if OFFLINE_ACCESS in scopes:
        attempt.refresh_token = authority.token_store.keep(grant, authority.config, attempt.now)
        authority.journal.issue(Secret("refresh_token", attempt.refresh_token))
    return grant


def _check_resource(attempt: Attempt, scopes: Iterable[str], description: str) -> None:
    # Row 8.
    if attempt.looks_further and has_unknown(named_resources(attempt.values), scopes, attempt.config):
        raise OAuthError("invalid_target", description)


def _narrowed(attempt: Attempt, scopes: tuple[str, ...]) -> tuple[str, ...]:
    # A token for a resource that is named with a code has the scopes of that resource, and offline_access comes last.
    resources = {*named_resources(attempt.values)}
    if attempt.flavour is not Flavour.DUENDE or not resources:
        return scopes
    known = resources == {attempt.config.resource}
    own = [each for each in scopes if known and each not in {*IDENTITY_SCOPES, OFFLINE_ACCESS}]
    return (*own, *([OFFLINE_ACCESS] if OFFLINE_ACCESS in scopes else []))


def _scopes(attempt: Attempt) -> tuple[str, ...]:
    # Row 9 and 1.3: a request without scopes gets all that the client may have; only spaces separate, case counts.
    config, asked = attempt.config, attempt.get("scope")
    allowed = (*config.scopes, OFFLINE_ACCESS) if config.offline_access else config.scopes
    scopes = {scope for scope in asked.strip().split(" ") if scope} or {*allowed}
    if units(asked) > MAX_SCOPE_LENGTH or not config.scopes:
        raise OAuthError("invalid_scope")
    _check_resource(attempt, scopes, "")
    if not scopes.issubset(allowed):
        raise OAuthError("invalid_scope")
    # The configuration's own strings, not those of the request: they are kept as long as the token.
    return tuple(sorted(scope for scope in allowed if scope in scopes))


def _user(attempt: Attempt) -> ServiceUser:
    # Rows 10 to 15. Before v4 a missing password was refused like a missing name; later it counts as an empty one.
    username, password = attempt.get("username"), attempt.get("password")
    missing = not username or (not password and attempt.flavour is Flavour.IS4_V2)
    if missing or units(username) > MAX_LENGTH or units(password) > MAX_LENGTH:
        raise OAuthError("invalid_grant")
    user = attempt.authority.find_user(username)
    # Wrong password, unknown user, locked user: one answer for all, so that no caller learns which names exist (R33).
    if user is None or user.password != password:
        raise OAuthError("invalid_grant", "invalid_username_or_password")
    return user
