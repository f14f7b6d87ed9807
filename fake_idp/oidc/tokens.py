"""What was granted, and the tokens that say so."""

import hashlib
from dataclasses import dataclass, field

from fake_idp.oidc.keys import SigningKey
from fake_idp.secrets.token_parts import to_base64url
from fake_idp.server_config import Flavour, ServerConfig, ServiceUser, TokenShape
from fake_idp.wire import Json

OFFLINE_ACCESS = "offline_access"
OPENID = "openid"
LOCAL_PROVIDER = "local"
IDENTITY_SCOPES = frozenset({OPENID, "profile"})
_YEAR = 31_536_000
_IDENTITY_LIFETIME = 300


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
    is_answer: bool = False  # to an authorization request, not to a refresh
    state: str = field(default="", repr=False)  # of the authorization request that is answered


def access_token(grant: Grant, config: ServerConfig, key: SigningKey) -> str:
    """Sign the access token of a grant; header and payload in the flavour's order (server.md 1.6)."""
    if config.token_shape is TokenShape.OPAQUE:
        return hashlib.sha256(f"{grant.token_id}.{grant.expires}".encode()).hexdigest()
    kind = "JWT" if config.flavour is Flavour.IS4_V2 else "at+jwt"
    claims = _claims(grant, config)
    if config.token_shape is not TokenShape.JWT:
        claims |= _odd_claims(grant, config.token_shape)
    return key.sign(config.customs.claims.of(claims), flavour=config.flavour, kind=kind)


def identity_token(grant: Grant, config: ServerConfig, key: SigningKey, token: str) -> str:
    """Sign the id_token that goes with an access token, for a client that was granted openid."""
    duende = config.flavour is Flavour.DUENDE
    issued, expires = grant.not_before, grant.not_before + _IDENTITY_LIFETIME
    nonce: dict[str, Json] = {"nonce": grant.nonce} if grant.nonce else {}
    at_hash: dict[str, Json] = {"at_hash": _half(token)}
    # IdentityServer4 includes what belongs to the browser's request only in the answer to it, not after a refresh.
    session: dict[str, Json] = {"sid": grant.session} if grant.session and (duende or grant.is_answer) else {}
    person: dict[str, Json] = {"sub": grant.user.subject, "auth_time": grant.authenticated, "idp": LOCAL_PROVIDER}
    head: dict[str, Json] = {"nbf": issued, "exp": expires, "iss": grant.issuer, "aud": config.client_id}
    if duende:
        head = {"iss": grant.issuer, "nbf": issued, "iat": issued, "exp": expires, "aud": config.client_id}
        claims = head | {"amr": ["pwd"]} | nonce | at_hash | session | person
    else:
        state: dict[str, Json] = {"s_hash": _half(grant.state)} if grant.state else {}
        claims = head | nonce | {"iat": issued} | at_hash | state | session | person | {"amr": ["pwd"]}
    return key.sign(claims, flavour=config.flavour, kind="JWT")


def _claims(grant: Grant, config: ServerConfig) -> dict[str, Json]:
    # offline_access stands last, whatever the order of the answer.
    scopes: list[Json] = sorted(grant.scopes, key=OFFLINE_ACCESS.__eq__)
    audience = _audience(grant, config)
    session: dict[str, Json] = {"sid": grant.session} if grant.session else {}
    if config.flavour is Flavour.DUENDE:
        return {
            "iss": grant.issuer,
            "nbf": grant.not_before,
            "iat": grant.issued,
            "exp": grant.expires,
            **audience,
            "scope": scopes,
            "amr": ["pwd"],
            "client_id": config.client_id,
            "sub": grant.user.subject,
            "auth_time": grant.authenticated,
            "idp": LOCAL_PROVIDER,
            **session,
            "jti": grant.token_id,
        }
    identity: dict[str, Json] = {"jti": grant.token_id, **session, "iat": grant.issued}
    return {
        "nbf": grant.not_before,
        "exp": grant.expires,
        "iss": grant.issuer,
        **audience,
        "client_id": config.client_id,
        "sub": grant.user.subject,
        "auth_time": grant.authenticated,
        "idp": LOCAL_PROVIDER,
        **({} if config.flavour is Flavour.IS4_V2 else identity),
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


def _audience(grant: Grant, config: ServerConfig) -> dict[str, Json]:
    # The API resource that owns the scopes; before v3 the issuer's own resources as well.
    named = not (frozenset(config.scopes) - IDENTITY_SCOPES).isdisjoint(grant.scopes)
    if config.flavour is Flavour.IS4_V2:
        own = f"{grant.issuer.rstrip('/')}/resources"
        return {"aud": [own, config.resource] if named else own}
    return {"aud": config.resource} if named else {}


def _half(text: str) -> str:
    """Hash as OpenID Connect Core 3.1.3.6 does: the left half, in base64url."""
    return to_base64url(hashlib.sha256(text.encode()).digest()[:16]).decode()
