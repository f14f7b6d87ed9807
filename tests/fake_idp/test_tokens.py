"""Access tokens per flavour, claim by claim in order; and the token store: refresh tokens, living tokens, their end."""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace

import jwt
import pytest

from fake_idp.oidc.token_store import TokenStore
from fake_idp.oidc.tokens import Grant, identity_token
from fake_idp.server_config import Flavour, RefreshPolicy, ServerConfig, TokenShape
from tests.fake_idp.calls import FLAVOURS, USER, Now, call, claims, fake, flavoured, members, refresh, sign_in

IS4, V2, DUENDE = FLAVOURS
GRANT = Grant(user=USER, scopes=(), issuer="", authenticated=0, issued=0, not_before=0, expires=9, token_id="")
V4_ORDER = "nbf exp iss aud client_id sub auth_time idp jti iat scope amr".split()  # noqa: SIM905 - one line is read at a glance
DUENDE_ORDER = "iss nbf iat exp aud scope amr client_id sub auth_time idp jti".split()  # noqa: SIM905 - one line is read at a glance
ORDER = {IS4: V4_ORDER, V2: [name for name in V4_ORDER if name not in {"jti", "iat"}], DUENDE: DUENDE_ORDER}
REFRESH_TOKEN = {IS4: r"[0-9A-F]{64}", V2: r"[0-9a-f]{64}", DUENDE: r"[0-9A-F]{64}-1"}
SHAPES: dict[TokenShape, Callable[[str], object]] = {
    TokenShape.JWT: lambda token: token.count(".") == 2,
    TokenShape.OPAQUE: lambda token: re.fullmatch(r"[0-9a-f]{64}", token),
    TokenShape.LARGE: lambda token: len(token) > 8192,
    TokenShape.URL_ALPHABET: lambda token: {"-", "_"} <= set(token.split(".")[1]),
    TokenShape.EXPIRED: lambda token: int(str(claims(token)["exp"])) < Now().seconds,
}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_shape(flavour: Flavour) -> None:
    """Header and payload have the product's members in the product's order, and the published key verifies them."""
    idp = flavoured(flavour)
    token = str(sign_in(idp)["access_token"])
    key = idp.keys.current
    header = {"alg": "RS256", "kid": key.kid(flavour), "typ": "JWT" if flavour is V2 else "at+jwt"}
    assert list(jwt.get_unverified_header(token).items()) == list(header.items())
    public = jwt.PyJWK(key.public(flavour)).key
    options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}
    read = jwt.decode(token, public, algorithms=["RS256"], options=options)  # type: ignore[arg-type]  # PyJWT's options are a TypedDict
    assert list(read) == ORDER[flavour]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_values(flavour: Flavour) -> None:
    """The claims say who, for what, from whom, since when and until when."""
    now = Now()
    read = claims(sign_in(fake(now, flavour=flavour))["access_token"])
    issuer, start = "https://www.blastiq.com/identity", int(now.seconds)
    expected = {
        "iss": issuer,
        "aud": [f"{issuer}/resources", "cosmos"] if flavour is V2 else "cosmos",
        "nbf": start,
        "exp": start + 3600,
        "client_id": "external.customer",
        "sub": USER.subject,
        "auth_time": start,
        "idp": "local",
        "scope": ["cosmos", "offline_access"],
        "amr": ["pwd"],
    }
    assert {name: read[name] for name in expected} == expected


@pytest.mark.parametrize(("flavour", "audience"), [(IS4, None), (V2, "https://www.blastiq.com/identity/resources")])
def test_audience_without_a_resource(flavour: Flavour, audience: str | None) -> None:
    """No scope of the API, no audience; before v3 the issuer's own resources stand alone."""
    assert claims(sign_in(flavoured(flavour), scope="offline_access")["access_token"]).get("aud") == audience


@pytest.mark.parametrize(("flavour", "repeats"), [(IS4, True), (DUENDE, False)])
def test_id_and_time_on_refresh(flavour: Flavour, *, repeats: bool) -> None:
    """IdentityServer4 signs the stored token again, so jti and iat repeat; in Duende they are new (1.5)."""
    now = Now()
    idp = fake(now, flavour=flavour)
    first = sign_in(idp)
    now.sleep(60)
    old, new = claims(first["access_token"]), claims(members(refresh(idp, first["refresh_token"]))["access_token"])
    assert [old["jti"] == new["jti"], old["iat"] == new["iat"]] == [repeats, repeats]
    assert (new["nbf"], new["exp"]) == (int(now.seconds), int(now.seconds) + 3600)
    assert new["auth_time"] == old["auth_time"]
    assert len(str(new["jti"])) == 32


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_refresh_token_format(flavour: Flavour) -> None:
    """A refresh token looks as the flavour's refresh tokens do."""
    assert re.fullmatch(REFRESH_TOKEN[flavour], str(sign_in(flavoured(flavour))["refresh_token"]))


ID_ORDER = {
    IS4: "nbf exp iss aud nonce iat at_hash sub auth_time idp amr",
    V2: "nbf exp iss aud nonce iat at_hash sub auth_time idp amr",
    DUENDE: "iss nbf iat exp aud amr nonce at_hash sub auth_time idp",
}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_identity_token(flavour: Flavour) -> None:
    """It lives for five minutes, names the client, and is bound to its access token (OpenID Connect Core 3.1.3.6)."""
    grant, config = replace(GRANT, issued=1, not_before=7, nonce="n-0"), ServerConfig(flavour=flavour)
    read = claims(identity_token(grant, config, flavoured(flavour).keys.current, "access"))
    assert list(read) == ID_ORDER[flavour].split()
    half = base64.urlsafe_b64encode(hashlib.sha256(b"access").digest()[:16]).decode().rstrip("=")
    expected = {"nbf": 7, "iat": 7, "exp": 307, "aud": config.client_id, "sub": USER.subject, "at_hash": half}
    assert {name: read[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("flavour", "lives"),
    [(Flavour.IS4, [3600, 3601, 3602]), (Flavour.IS4_V2, [3600, 3601, 3602]), (Flavour.DUENDE, [3600, 3600, 3600])],
)
def test_renewed_within_a_second(flavour: Flavour, lives: list[int]) -> None:
    """No two tokens are the same: Duende's by their jti (1.5), the others' by their end, until a second has passed."""
    now = Now()
    idp = fake(now, flavour=flavour, refresh_policy=RefreshPolicy.REUSE)
    first = sign_in(idp)
    tokens = [first["access_token"], *(members(refresh(idp, first["refresh_token"]))["access_token"] for _ in range(2))]
    ends = [int(str(claims(token)["exp"])) - int(now.seconds) for token in tokens]
    assert ends == lives
    assert len(set(tokens)) == len(tokens)
    now.sleep(3)
    assert claims(members(refresh(idp, first["refresh_token"]))["access_token"])["exp"] == int(now.seconds) + 3600


def test_unknown_used_and_expired_refresh_tokens_are_refused() -> None:
    """All alike, as on the wire."""
    now = Now()
    idp = fake(now, refresh_token_lifetime=10)
    used, kept = str(sign_in(idp)["refresh_token"]), str(sign_in(idp)["refresh_token"])
    assert refresh(idp, used).status == 200
    now.sleep(10)
    told = [
        idp.authority.token_store.redeem(refresh_token, idp.config, now.seconds) for refresh_token in ("AB", used, kept)
    ]
    assert told == [None, None, None]


def test_refresh_tokens_are_as_random_as_asked() -> None:
    """Randomness is passed in, so a test can make it stand still."""
    token_store = TokenStore(lambda size: bytes(range(size)))
    refresh_token = token_store.keep(GRANT, ServerConfig(), 0.0)
    assert refresh_token == bytes(range(32)).hex().upper()


@pytest.mark.parametrize("shape", TokenShape)
def test_shapes(shape: TokenShape) -> None:
    """Whatever an access token looks like the API takes it, and a refresh brings another."""
    idp = fake(token_shape=shape)
    first = sign_in(idp)
    token, renewed = str(first["access_token"]), members(refresh(idp, first["refresh_token"]))["access_token"]
    assert token != renewed
    assert (call(idp, token).status, call(idp, renewed).status) == (200, 200)
    assert SHAPES[shape](token)
