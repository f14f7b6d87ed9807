"""Userinfo, introspection and revocation as a public client meets them."""

from dataclasses import replace

import pytest

from fake_idp.server_config import Flavour, RefreshPolicy
from fake_idp.wire import Json
from tests.fake_idp.calls import (
    CLIENT,
    FLAVOURS,
    USER,
    Now,
    error,
    fake,
    flavoured,
    get,
    members,
    post,
    refresh,
    sign_in,
)

USERINFO = "/identity/connect/userinfo"
INTROSPECT = "/identity/connect/introspect"
DEVICE = "/identity/connect/deviceauthorization"
REVOKE = "/identity/connect/revocation"
OPENID = ("cosmos", "openid")


def test_userinfo() -> None:
    """A token with openid tells its subject, by header or form, and is not to be kept."""
    idp = fake(scopes=OPENID)
    token = str(sign_in(idp)["access_token"])
    body = f'{{"sub":"{USER.subject}"}}'.encode()
    by_header = get(idp, USERINFO, authorization=f"Bearer {token}")
    assert (by_header.status, by_header.body) == (200, body)
    assert by_header.headers.get("cache-control") == "no-store, no-cache, max-age=0"
    assert post(idp, {"access_token": token}, USERINFO).body == body


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_userinfo_without_openid(flavour: Flavour) -> None:
    """A token for the API alone is not enough; before v4 each part of the challenge has a line of its own."""
    idp = flavoured(flavour)
    answer = get(idp, USERINFO, authorization=f"Bearer {sign_in(idp)['access_token']}")
    assert (answer.status, answer.body) == (403, b"")
    one = ['Bearer realm="IdentityServer",error="insufficient_scope"']
    parts = ["Bearer", 'error="insufficient_scope"']
    assert answer.headers.get_all("www-authenticate") == (parts if flavour is Flavour.IS4_V2 else one)


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer unknown", "bearer TOKEN", "Basic TOKEN"])
def test_userinfo_without_a_token(authorization: str) -> None:
    """R68: the product's own parser wants Bearer in this case; no token is an invalid token."""
    idp = fake(scopes=OPENID)
    answer = get(idp, USERINFO, authorization=authorization.replace("TOKEN", str(sign_in(idp)["access_token"])))
    assert answer.status == 401
    assert answer.headers.get("www-authenticate") == 'Bearer realm="IdentityServer",error="invalid_token"'


def test_a_token_is_good_for_five_minutes_more() -> None:
    """At userinfo and introspection, by which clocks may differ; one that was killed is dead at once."""
    now = Now()
    idp = fake(now, scopes=OPENID, flavour=Flavour.DUENDE, access_token_lifetime=10)
    token = str(sign_in(idp)["access_token"])
    for passed, status, active in ((10, 200, True), (299, 200, True), (1, 401, False)):
        now.sleep(passed)
        assert get(idp, USERINFO, authorization=f"Bearer {token}").status == status
        assert members(post(idp, {**CLIENT, "token": token}, INTROSPECT))["active"] is active
    token = str(sign_in(idp)["access_token"])
    idp.expire_tokens()
    assert get(idp, USERINFO, authorization=f"Bearer {token}").status == 401


@pytest.mark.parametrize(
    ("flavour", "status", "challenge"),
    [
        (Flavour.IS4, 401, 'Bearer realm="IdentityServer",error="invalid JWT token type"'),
        (Flavour.IS4_V2, 403, 'Bearer | error="insufficient_scope"'),
        (Flavour.DUENDE, 401, 'Bearer realm="IdentityServer",error="invalid_token"'),
    ],
)
def test_userinfo_for_an_id_token(flavour: Flavour, status: int, challenge: str) -> None:
    """It is signed as access tokens are, and each product turns it away in its own way."""
    idp = fake(scopes=OPENID, flavour=flavour, identity_tokens=True)
    answer = get(idp, USERINFO, authorization=f"Bearer {sign_in(idp)['id_token']}")
    assert (answer.status, " | ".join(answer.headers.get_all("www-authenticate"))) == (status, challenge)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_userinfo_for_an_expired_token(flavour: Flavour) -> None:
    """Of one that was good the product says why it no longer is."""
    now = Now()
    idp = fake(now, scopes=OPENID, flavour=flavour)
    token = sign_in(idp)["access_token"]
    now.sleep(3900)
    answer = get(idp, USERINFO, authorization=f"Bearer {token}")
    parts = 'error="invalid_token",error_description="The access token expired"'
    said = ",".join(answer.headers.get_all("www-authenticate")).replace(' realm="IdentityServer"', "")
    assert (answer.status, said) == (401, f"Bearer,{parts}")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_the_tokens_of_a_user_who_may_not_sign_in_any_more(flavour: Flavour) -> None:
    """They are invalid at once, whatever their scopes; Duende says the same of a refresh token."""
    idp = fake(flavour=flavour)
    tokens = sign_in(idp)
    idp.become(replace(idp.config, users=()))
    answer = get(idp, USERINFO, authorization=f"Bearer {tokens['access_token']}")
    assert (answer.status, "invalid_token" in " ".join(answer.headers.get_all("www-authenticate"))) == (401, True)
    if flavour is Flavour.DUENDE:
        for name in ("access_token", "refresh_token"):
            asked = post(idp, {"token": str(tokens[name]), **CLIENT}, INTROSPECT)
            assert members(asked) == {"active": False}


def test_userinfo_by_another_method() -> None:
    """Userinfo is read or posted to."""
    assert get(fake(), USERINFO, "PUT").status == 405


@pytest.mark.parametrize("path", [INTROSPECT, REVOKE])
def test_what_is_no_posted_form(path: str) -> None:
    """Another method or media type is refused without a body."""
    assert get(fake(), path).status == 405
    assert post(fake(), b"{}", path, content_type="application/json").status == 415


@pytest.mark.parametrize("flavour", [Flavour.IS4, Flavour.IS4_V2])
def test_introspection(flavour: Flavour) -> None:
    """A public client may not introspect."""
    answer = post(flavoured(flavour), {"token": "x", **CLIENT}, INTROSPECT)
    assert (answer.status, answer.body) == (401, b"")


def test_introspection_by_a_client_of_duende() -> None:
    """It may ask about its own tokens, as RFC 7662 has it; not without its id."""
    idp = flavoured(Flavour.DUENDE)
    tokens = sign_in(idp)
    access = members(post(idp, {"token": str(tokens["access_token"]), **CLIENT}, INTROSPECT))
    order = "iss nbf iat exp aud amr client_id sub auth_time idp jti token_type active scope"
    assert list(access) == order.split()
    assert (access["amr"], access["active"], access["scope"]) == ("pwd", True, "cosmos offline_access")
    refreshing = members(post(idp, {"token": str(tokens["refresh_token"]), **CLIENT}, INTROSPECT))
    assert list(refreshing) == ["client_id", "token_type", "iat", "exp", "sub", "active", "scope"]
    assert post(idp, {"token": "x", **CLIENT}, INTROSPECT).body == b'{"active":false}'
    assert post(idp, CLIENT, INTROSPECT).body == error("missing_token")
    assert post(idp, {"token": "x"}, INTROSPECT).status == 401


def test_introspection_of_a_refresh_token() -> None:
    """It is as old as the sign-in, and active as long as it would be accepted."""
    now = Now()
    idp = fake(now, flavour=Flavour.DUENDE, refresh_policy=RefreshPolicy.ONE_TIME)
    used = str(sign_in(idp)["refresh_token"])
    now.sleep(60)
    fresh = str(members(refresh(idp, used))["refresh_token"])

    def about(token: str) -> dict[str, Json]:
        return members(post(idp, {"token": token, **CLIENT}, INTROSPECT))

    assert (about(fresh)["iat"], about(fresh)["exp"]) == (1_700_000_000, 1_700_000_000 + 2_592_000)
    assert about(used) == {"active": False}
    now.sleep(2_592_000)
    assert about(fresh) == {"active": False}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_device_authorization(flavour: Flavour) -> None:
    """The client may not have that grant; a request that is not a posted form, or of nobody, is told so first."""
    idp = flavoured(flavour)
    nobody = "invalid_request" if flavour is Flavour.DUENDE else "invalid_client"
    assert post(idp, CLIENT, DEVICE).body == error("unauthorized_client")
    assert post(idp, {"client_id": "other"}, DEVICE).body == error("invalid_client")
    assert post(idp, {}, DEVICE).body == error(nobody)
    answer = get(idp, DEVICE)
    assert (answer.status, answer.body) == (400, error("invalid_request"))
    assert answer.headers.get("cache-control") == "no-store, no-cache, max-age=0"


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_revocation_without_a_client(flavour: Flavour) -> None:
    """Duende calls it an invalid request, as at its token endpoint."""
    expected = "invalid_request" if flavour is Flavour.DUENDE else "invalid_client"
    assert post(flavoured(flavour), {"token": "x"}, REVOKE).body == error(expected)


REFUSED = {
    "no client": ({"token": "x"}, error("invalid_client")),
    "unknown client": ({"token": "x", "client_id": "other"}, error("invalid_client")),
    "no token": (CLIENT, error("invalid_request")),
    "unknown hint": ({"token": "x", "token_type_hint": "id_token", **CLIENT}, error("unsupported_token_type")),
}


@pytest.mark.parametrize(("body", "expected"), REFUSED.values(), ids=REFUSED)
def test_revocation_refused(body: dict[str, str], expected: bytes) -> None:
    """Revocation knows its own errors."""
    answer = post(fake(), body, REVOKE)
    assert (answer.status, answer.body) == (400, expected)


def test_a_hint_is_believed() -> None:
    """A refresh token that is said to be an access token is not looked for, and lives on."""
    idp = fake()
    refresh_token = str(sign_in(idp)["refresh_token"])
    assert post(idp, {"token": refresh_token, "token_type_hint": "access_token", **CLIENT}, REVOKE).status == 200
    assert refresh(idp, refresh_token).status == 200


@pytest.mark.parametrize("hint", ["", "refresh_token"])
def test_revocation(hint: str) -> None:
    """A revoked refresh token is refused from then on; an unknown one is not an error."""
    idp = fake()
    refresh_token = str(sign_in(idp)["refresh_token"])
    for token in (refresh_token, "unknown"):
        answer = post(idp, {"token": token, "token_type_hint": hint, **CLIENT}, REVOKE)
        assert (answer.status, answer.body) == (200, b"")
    assert refresh(idp, refresh_token).body == error("invalid_grant")
