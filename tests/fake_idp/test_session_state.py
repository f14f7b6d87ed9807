"""The session of a person, as the answer to the client and the tokens name it."""

import pytest

from fake_idp.oidc.attended.redirect import origin_of
from fake_idp.oidc.session_store import S256, challenge_of
from tests.fake_idp.calls import CLIENT, claims, members, post
from tests.fake_idp.person import CALLBACK, VERIFIER, Person, asking, attended, sent_back

EXCHANGE = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": VERIFIER, **CLIENT}


def test_the_session_state_is_bound_to_client_and_session() -> None:
    """OpenID Connect Session Management 2: a salted hash of client, its origin, and the session that tokens name."""
    idp = attended()
    back = sent_back(Person(idp).sign_in(asking()))
    hashed, _, salt = back["session_state"].partition(".")
    answer = members(post(idp, {**EXCHANGE, "code": back["code"]}))
    session = claims(answer["id_token"])["sid"]
    assert session == claims(answer["access_token"])["sid"]
    assert hashed == challenge_of(f"external.customerhttp://127.0.0.1:49152{session}{salt}", S256)


def test_without_openid_there_is_no_session_state() -> None:
    """The client did not ask who the person is."""
    assert "session_state" not in sent_back(Person(attended()).sign_in(asking(scope="cosmos")))


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://app.example:443/cb", "https://app.example"),
        ("http://127.0.0.1:9/cb", "http://127.0.0.1:9"),
        ("https://APP.example:8443/", "https://app.example:8443"),
        ("com.example.app:/cb", "com.example.app://"),
    ],
)
def test_origin(address: str, origin: str) -> None:
    """Scheme, host and port; a default port is left out."""
    assert origin_of(address) == origin
