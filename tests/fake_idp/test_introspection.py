"""Userinfo, introspection and revocation as a public client meets them."""

import pytest

from fake_idp.tenant import Flavour
from tests.fake_idp.calls import CLIENT, FLAVOURS, USER, Now, error, fake, flavoured, get, post, refresh, sign_in

USERINFO = "/identity/connect/userinfo"
INTROSPECT = "/identity/connect/introspect"
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
    """A token for the API alone is not enough; each part of the challenge has a line of its own."""
    idp = flavoured(flavour)
    answer = get(idp, USERINFO, authorization=f"Bearer {sign_in(idp)['access_token']}")
    assert (answer.status, answer.body) == (403, b"")
    assert answer.headers.get_all("www-authenticate") == [
        'Bearer realm="IdentityServer"',
        'error="insufficient_scope"',
    ]


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer unknown", "bearer TOKEN", "Basic TOKEN"])
def test_userinfo_without_a_token(authorization: str) -> None:
    """R68: the product's own parser wants Bearer in this case; no token is an invalid token."""
    idp = fake(scopes=OPENID)
    answer = get(idp, USERINFO, authorization=authorization.replace("TOKEN", str(sign_in(idp)["access_token"])))
    assert answer.status == 401
    assert answer.headers.get_all("www-authenticate")[1] == 'error="invalid_token"'


def test_userinfo_by_another_method() -> None:
    """Userinfo is read or posted to."""
    assert get(fake(), USERINFO, "PUT").status == 405


def test_userinfo_of_an_expired_token() -> None:
    """An expired token is an invalid token."""
    now = Now()
    idp = fake(now, scopes=OPENID)
    token = sign_in(idp)["access_token"]
    now.sleep(3600)
    assert get(idp, USERINFO, authorization=f"Bearer {token}").status == 401


@pytest.mark.parametrize("path", [INTROSPECT, REVOKE])
def test_what_is_no_posted_form(path: str) -> None:
    """Another method or media type is refused without a body."""
    assert get(fake(), path).status == 405
    assert post(fake(), b"{}", path, content_type="application/json").status == 415


def test_introspection() -> None:
    """A public client may not introspect."""
    answer = post(fake(), {"token": "x", **CLIENT}, INTROSPECT)
    assert (answer.status, answer.body) == (401, b"")


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


@pytest.mark.parametrize("hint", ["", "refresh_token", "access_token"])
def test_revocation(hint: str) -> None:
    """A revoked refresh token is refused from then on; an unknown one is no error."""
    idp = fake()
    handle = str(sign_in(idp)["refresh_token"])
    for token in (handle, "unknown"):
        answer = post(idp, {"token": token, "token_type_hint": hint, **CLIENT}, REVOKE)
        assert (answer.status, answer.body) == (200, b"")
    assert refresh(idp, handle).body == error("invalid_grant")
