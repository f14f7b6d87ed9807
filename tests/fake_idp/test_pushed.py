"""Requests that Duende takes ahead of the browser, or by another channel; IdentityServer4 knows neither."""

from urllib.parse import unquote, urlencode

import pytest

from fake_idp.core import FakeIdp
from fake_idp.server_config import Flavour
from fake_idp.wire import Response
from tests.fake_idp.calls import CLIENT, Now, error, fake, flavoured, get, members, post
from tests.fake_idp.person import ASKED, Person, address, attended, sent_back

PUSH = "/identity/connect/par"
CIBA = "/identity/connect/ciba"
AUTHORIZE = "/identity/connect/authorize"


def duende(now: Now | None = None) -> FakeIdp:
    return attended(flavour=Flavour.DUENDE, **({"now": now} if now else {}))


def push(idp: FakeIdp, **changes: str | None) -> Response:
    return post(idp, {name: value for name, value in {**ASKED, **changes}.items() if value is not None}, PUSH)


def test_a_pushed_request_is_carried_out() -> None:
    """Its name stands for it at the authorize endpoint, also after the person has signed in and agreed."""
    idp = duende()
    answer = push(idp)
    named = members(answer)
    assert (answer.status, list(named), named["expires_in"]) == (201, ["request_uri", "expires_in"], 600)
    asked = urlencode({"request_uri": str(named["request_uri"]), **CLIENT})
    assert ASKED["state"] not in unquote(address(Person(idp).visit(f"{AUTHORIZE}?{asked}")))
    back = Person(idp).sign_in(f"{AUTHORIZE}?{asked}")
    assert address(back).startswith(ASKED["redirect_uri"])
    assert sent_back(back)["state"] == ASKED["state"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_id": None}, error("invalid_request")),
        ({"client_id": "other"}, error("invalid_client")),
        ({"request_uri": "urn:x"}, error("invalid_request", "Pushed authorization cannot use request_uri")),
        ({"response_type": None}, error("invalid_request", "Missing response_type")),
        ({"scope": "openid other"}, error("invalid_scope", "Invalid scope")),
    ],
    ids=str,
)
def test_a_wrong_push_is_refused_at_once(changes: dict[str, str | None], expected: bytes) -> None:
    """In the words that the person would read at the authorize endpoint."""
    answer = push(duende(), **changes)
    assert (answer.status, answer.body) == (400, expected)


def test_a_push_must_be_a_posted_form() -> None:
    """Another media type is more than the product is prepared for."""
    assert get(duende(), PUSH).status == 405
    assert post(duende(), "{}", PUSH, content_type="application/json").status == 500


def test_a_name_that_stands_for_nothing() -> None:
    """One that was never given, or is ten minutes old, is shown to the person."""
    now = Now()
    idp = duende(now)
    given = str(members(push(idp))["request_uri"])
    now.sleep(600)
    for name in (given, "urn:ietf:params:oauth:request_uri:unknown"):
        answer = Person(idp).visit(f"{AUTHORIZE}?{urlencode({**CLIENT, 'request_uri': name})}")
        assert answer.status == 400
        assert b"invalid_request_uri" in answer.body


def test_authentication_by_another_channel() -> None:
    """It is known to Duende, and not this client's: with a status of its own for a client that is unknown."""
    idp = flavoured(Flavour.DUENDE)
    assert post(idp, CLIENT, CIBA).body == error("unauthorized_client", "Unauthorized client")
    answers = [post(idp, {}, CIBA), get(idp, CIBA), post(idp, {"client_id": "other"}, CIBA)]
    assert [each.body for each in answers] == [error("invalid_request")] * 2 + [error("invalid_client")]
    assert [each.status for each in answers] == [400, 400, 401]


@pytest.mark.parametrize("path", [PUSH, CIBA])
def test_older_products_have_neither(path: str) -> None:
    """They do not announce them either."""
    assert post(fake(), CLIENT, path).status == 404


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        ("x", "Malformed DPoP token."),
        ("x" * 4001, ""),
        ("e30.e30.x", "Invalid 'typ' value."),
        ("eyJ0eXAiOiJkcG9wK2p3dCJ9.e30.x", "Invalid 'alg' value."),
        ("eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IlJTMjU2In0.e30.x", "Invalid 'jwk' value."),
    ],
)
def test_a_wrong_proof_of_possession(proof: str, words: str) -> None:
    """Duende looks at it before the grant; IdentityServer4 does not know the header."""
    form = {**CLIENT, "grant_type": "magic"}
    answer = members(post(flavoured(Flavour.DUENDE), form, dpop=proof))
    assert answer == {"error": "invalid_dpop_proof"} | ({"error_description": words} if words else {})
    assert post(fake(), form, dpop=proof).body == error("unsupported_grant_type")
