"""The id_token: who a person is, for the client that asked."""

import hashlib

from fake_idp.oidc.keys import SigningKey
from fake_idp.oidc.tokens import LOCAL_PROVIDER, Grant
from fake_idp.secrets.token_parts import to_base64url
from fake_idp.server_config import Flavour, ServerConfig
from fake_idp.wire import Json

_LIFETIME = 300


def identity_token(grant: Grant, config: ServerConfig, key: SigningKey, token: str) -> str:
    """Sign the id_token that goes with an access token, for a client that was granted openid."""
    duende = config.flavour is Flavour.DUENDE
    issued, expires = grant.not_before, grant.not_before + _LIFETIME
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


def _half(text: str) -> str:
    """Hash as OpenID Connect Core 3.1.3.6 does: the left half, in base64url."""
    return to_base64url(hashlib.sha256(text.encode()).digest()[:16]).decode()
