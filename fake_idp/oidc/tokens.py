"""What was granted, and the tokens that say so."""

import hashlib
from collections.abc import Iterable
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
# The claims of an access token and of an id_token as each product orders them (server.md 1.6).
_IS4 = "nbf exp iss aud client_id sub auth_time idp"
CLAIMS = {
    Flavour.IS4: f"{_IS4} jti sid iat scope amr",
    Flavour.IS4_V2: f"{_IS4} scope amr",
    Flavour.DUENDE: "iss nbf iat exp aud scope amr client_id sub auth_time idp sid jti",
}
_IDENTITY_CLAIMS = "nbf exp iss aud nonce iat at_hash s_hash sid sub auth_time idp amr"
_IDENTITY_CLAIMS_OF_DUENDE = "iss nbf iat exp aud amr nonce at_hash sid sub auth_time idp"


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
    claims = _claims(grant, config) | _odd_claims(grant, config.token_shape)
    return key.sign(config.customs.claims.of(claims), flavour=config.flavour, kind=kind)


def identity_token(grant: Grant, config: ServerConfig, key: SigningKey, token: str) -> str:
    """Sign the id_token that goes with an access token, for a client that was granted openid."""
    duende = config.flavour is Flavour.DUENDE
    claims: dict[str, Json] = _person(grant) | {
        "exp": grant.not_before + _IDENTITY_LIFETIME,
        "iat": grant.not_before,
        "aud": config.client_id,
        "nonce": grant.nonce or None,
        "at_hash": _half(token),
        "s_hash": _half(grant.state) if grant.state else None,
        # IdentityServer4 includes what belongs to the browser's request only in the answer to it, not after a refresh.
        "sid": (grant.session or None) if duende or grant.is_answer else None,
    }
    order = _IDENTITY_CLAIMS_OF_DUENDE if duende else _IDENTITY_CLAIMS
    return key.sign(_ordered(claims, order), flavour=config.flavour, kind="JWT")


def _claims(grant: Grant, config: ServerConfig) -> dict[str, Json]:
    claims: dict[str, Json] = _person(grant) | {
        "exp": grant.expires,
        "iat": grant.issued,
        "aud": _audience(grant, config),
        # offline_access stands last, whatever the order of the answer.
        "scope": [*sorted(grant.scopes, key=OFFLINE_ACCESS.__eq__)],
        "client_id": config.client_id,
        "sid": grant.session or None,
        "jti": grant.token_id,
    }
    return _ordered(claims, CLAIMS[config.flavour])


def _person(grant: Grant) -> dict[str, Json]:
    """Give the claims that both tokens have."""
    who: dict[str, Json] = {"sub": grant.user.subject, "auth_time": grant.authenticated, "idp": LOCAL_PROVIDER}
    return who | {"iss": grant.issuer, "nbf": grant.not_before, "amr": ["pwd"]}


def _ordered(claims: dict[str, Json], order: str) -> dict[str, Json]:
    # What has no value is left out.
    return {name: claims[name] for name in order.split() if claims[name] is not None}


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


def means_api(scopes: Iterable[str], config: ServerConfig) -> bool:
    """Say whether one of the scopes is of the API, and not of the person or the refresh token."""
    return not (frozenset(config.scopes) - IDENTITY_SCOPES).isdisjoint(scopes)


def _audience(grant: Grant, config: ServerConfig) -> Json:
    # The API resource that owns the scopes; before v3 the issuer's own resources as well.
    named = means_api(grant.scopes, config)
    if config.flavour is Flavour.IS4_V2:
        own = f"{grant.issuer.rstrip('/')}/resources"
        return [own, config.resource] if named else own
    return config.resource if named else None


def _half(text: str) -> str:
    """Hash as OpenID Connect Core 3.1.3.6 does: the left half, in base64url."""
    return to_base64url(hashlib.sha256(text.encode()).digest()[:16]).decode()
