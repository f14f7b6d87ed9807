"""What was granted, the access token that says so, and the vault of refresh handles and of tokens still alive."""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from fake_idp.keys import SigningKey
from fake_idp.tenant import Flavour, RefreshPolicy, ServiceUser, Tenant, TokenShape
from fake_idp.wire import Json

OFFLINE_ACCESS = "offline_access"
OPENID = "openid"
IDENTITY_SCOPES = frozenset({OPENID, "profile"})
_YEAR = 31_536_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Who was granted what, and the claims of the newest access token for it; times are seconds since the epoch."""

    user: ServiceUser
    scopes: tuple[str, ...]
    issuer: str
    authenticated: int
    issued: int
    not_before: int
    expires: int
    token_id: str
    nonce: str = field(default="", repr=False)  # what the client wants to find in the id_token
    session: str = ""  # that of a person who signed in with a browser
    is_answer: bool = False  # to an authorization request; a refresh is none
    state: str = field(default="", repr=False)  # of the authorization request that is answered


class Refusal(StrEnum):
    """Why a refresh handle was refused; the answer on the wire is the same for all."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"


def access_token(grant: Grant, tenant: Tenant, key: SigningKey) -> str:
    """Sign the access token of a grant; header and payload in the flavour's order (server.md 1.6)."""
    if tenant.token_shape is TokenShape.OPAQUE:
        return hashlib.sha256(f"{grant.token_id}.{grant.expires}".encode()).hexdigest()
    kind = "JWT" if tenant.flavour is Flavour.IS4_V2 else "at+jwt"
    claims = _claims(grant, tenant)
    if tenant.token_shape is not TokenShape.JWT:
        claims |= _odd_claims(grant, tenant.token_shape)
    return key.sign(claims, flavour=tenant.flavour, kind=kind)


def _claims(grant: Grant, tenant: Tenant) -> dict[str, Json]:
    # offline_access stands last, whatever the order of the answer.
    scopes: list[Json] = sorted(grant.scopes, key=OFFLINE_ACCESS.__eq__)
    audience = _audience(grant, tenant)
    session: dict[str, Json] = {"sid": grant.session} if grant.session else {}
    if tenant.flavour is Flavour.DUENDE:
        return {
            "iss": grant.issuer,
            "nbf": grant.not_before,
            "iat": grant.issued,
            "exp": grant.expires,
            **audience,
            "scope": scopes,
            "amr": ["pwd"],
            "client_id": tenant.client_id,
            "sub": grant.user.subject,
            "auth_time": grant.authenticated,
            "idp": "local",
            **session,
            "jti": grant.token_id,
        }
    identity: dict[str, Json] = {"jti": grant.token_id, **session, "iat": grant.issued}
    return {
        "nbf": grant.not_before,
        "exp": grant.expires,
        "iss": grant.issuer,
        **audience,
        "client_id": tenant.client_id,
        "sub": grant.user.subject,
        "auth_time": grant.authenticated,
        "idp": "local",
        **({} if tenant.flavour is Flavour.IS4_V2 else identity),
        "scope": scopes,
        "amr": ["pwd"],
    }


def _odd_claims(grant: Grant, shape: TokenShape) -> dict[str, Json]:
    match shape:
        case TokenShape.LARGE:
            return {"roles": [f"site-{number:05}-reader" for number in range(330)]}
        case TokenShape.URL_ALPHABET:
            return {"note": "?????>>>>>~~~~~"}
        case TokenShape.EXPIRED:
            return {"exp": grant.expires - _YEAR}
        case TokenShape.JWT | TokenShape.OPAQUE:
            return {}


def _audience(grant: Grant, tenant: Tenant) -> dict[str, Json]:
    # The API resource that owns the scopes; before v3 the issuer's own resources as well.
    named = any(scope in tenant.scopes and scope not in IDENTITY_SCOPES for scope in grant.scopes)
    if tenant.flavour is Flavour.IS4_V2:
        own = f"{grant.issuer.rstrip('/')}/resources"
        return {"aud": [own, tenant.resource] if named else own}
    return {"aud": tenant.resource} if named else {}


@dataclass(slots=True)
class _Handle:
    grant: Grant
    expires: float
    used: bool = False


@dataclass(slots=True)
class _Alive:
    grant: Grant
    calls: int = 0
    used: float = 0.0  # when the last call was
    killed: float | None = None


@dataclass(slots=True)
class Vault:
    """Refresh handles and living access tokens under one lock; nothing slow happens while it is held."""

    random: Callable[[int], bytes]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _handles: dict[str, _Handle] = field(default_factory=dict, repr=False)
    _alive: dict[str, _Alive] = field(default_factory=dict, repr=False)

    def keep(self, grant: Grant, tenant: Tenant, now: float) -> str:
        """Store a grant behind a new refresh handle."""
        handle = self.new_handle(tenant.flavour)
        with self._lock:
            self._handles[handle] = _Handle(grant, now + tenant.refresh_token_lifetime)
        return handle

    def redeem(self, handle: str, tenant: Tenant, now: float) -> tuple[Grant, str | None] | Refusal:
        """Use a refresh handle: the renewed grant and the handle to return, if any. Of several at once, one wins."""
        fresh = self.new_handle(tenant.flavour)
        token_id = self.random(16).hex().upper()
        with self._lock:
            found = self._handles.get(handle)
            if found is None:
                return Refusal.UNKNOWN
            if found.used:
                return Refusal.USED
            if now >= found.expires:
                return Refusal.EXPIRED
            found.grant = grant = _renewed(found.grant, tenant, int(now), token_id)
            match tenant.renewal:
                case RefreshPolicy.REUSE:
                    return grant, handle
                case RefreshPolicy.ONE_TIME:
                    found.used = True
                    # The lifetime is absolute: it counts from the sign-in (server.md 1.5).
                    self._handles[fresh] = _Handle(grant, found.expires)
                    return grant, fresh
                case _:
                    return grant, None

    def granted(self, handle: str) -> Grant | None:
        """Give what a refresh handle stands for, without using it."""
        with self._lock:
            found = self._handles.get(handle)
            return None if found is None else found.grant

    def revoke(self, handle: str) -> None:
        """Forget a refresh handle; an unknown one is no error (RFC 7009 2.2)."""
        with self._lock:
            self._handles.pop(handle, None)

    def enliven(self, token: str, grant: Grant) -> None:
        """Make the API accept an access token."""
        with self._lock:
            self._alive[token] = _Alive(grant)

    def look_up(self, token: str, now: float, calls: int | None = None) -> Grant | None:
        """Give the grant of an access token that is not expired and has some of its `calls` left, without using it."""
        with self._lock:
            found = self._alive.get(token)
            return None if found is None or _death(found, now, calls) is not None else found.grant

    def death(self, token: str, now: float, calls: int | None = None) -> float | None:
        """Tell when an access token died, None of one that is alive or unknown."""
        with self._lock:
            found = self._alive.get(token)
            return None if found is None else _death(found, now, calls)

    def use(self, token: str, now: float, calls: int | None) -> bool:
        """Count a call of the API against the token's `calls`; false where they are used up, and it is dead."""
        with self._lock:
            found = self._alive.get(token)
            if found is None or _death(found, now, calls) is not None:
                return False
            found.calls += 1
            found.used = now
            return True

    def expire_tokens(self, now: float) -> None:
        """Let every access token die that was issued so far."""
        with self._lock:
            for each in self._alive.values():
                each.killed = now if each.killed is None else each.killed

    def new_handle(self, flavour: Flavour) -> str:
        """Give the handle of something that is kept here or elsewhere, in the form that the product gives it."""
        # server.md 1.5: 64 hex digits, lower case before v3; Duende appends a version.
        digits = self.random(32).hex()
        if flavour is Flavour.IS4_V2:
            return digits
        return digits.upper() + ("-1" if flavour is Flavour.DUENDE else "")


def _death(token: _Alive, now: float, calls: int | None) -> float | None:
    if now >= token.grant.expires:
        return token.grant.expires
    return token.used if calls is not None and token.calls >= calls else token.killed


def _renewed(grant: Grant, tenant: Tenant, now: int, token_id: str) -> Grant:
    expires = now + tenant.access_token_lifetime
    if tenant.flavour is Flavour.DUENDE:
        return replace(grant, issued=now, not_before=now, expires=expires, token_id=token_id)
    # IdentityServer4 signs the stored token again: jti and iat repeat (server.md 1.5). Two answers within one second
    # would be one and the same token, and nobody could tell the old one from the new: so each lives a second longer.
    return replace(grant, not_before=now, expires=max(expires, grant.expires + 1))
