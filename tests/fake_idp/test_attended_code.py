"""The code exchange: what must come with a code, that it works once, and what comes back for it."""

from dataclasses import replace

import pytest

from fake_idp.oidc.session_store import PLAIN, SessionStore, challenge_of
from fake_idp.server_config import Authorization, Flavour, RefreshPolicy
from tests.fake_idp.calls import CLIENT, FLAVOURS, USER, Now, call, claims, error, get, members, post, refresh
from tests.fake_idp.person import CALLBACK, VERIFIER, Person, address, asking, attended, sent_back

EXCHANGE = {
    "grant_type": "authorization_code",
    "redirect_uri": CALLBACK,
    "code_verifier": VERIFIER,
    **CLIENT,
}


def exchanging(code: str, /, **changes: str | None) -> dict[str, str]:
    return {name: value for name, value in {**EXCHANGE, "code": code, **changes}.items() if value is not None}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_code_becomes_tokens(flavour: Flavour) -> None:
    """Access token, refresh token and id_token, each for the person who signed in."""
    idp = attended(flavour=flavour)
    answer = members(post(idp, exchanging(sent_back(Person(idp).sign_in(asking()))["code"])))
    assert list(answer)[:4] == ["id_token", "access_token", "expires_in", "token_type"]
    identity, access = claims(answer["id_token"]), claims(answer["access_token"])
    assert (identity["sub"], identity["aud"], identity["nonce"]) == (USER.subject, "external.customer", "the-nonce")
    assert identity["iss"] == access["iss"] == "https://www.blastiq.com/identity"
    assert access["scope"] == ["openid", "profile", "cosmos", "offline_access"]
    assert call(idp, answer["access_token"]).status == 200
    assert get(idp, "/identity/connect/userinfo", authorization=f"Bearer {answer['access_token']}").status == 200


def test_a_refresh_goes_on_without_the_nonce() -> None:
    """It answers no request of the browser."""
    idp = attended()
    answer = members(post(idp, exchanging(sent_back(Person(idp).sign_in(asking()))["code"])))
    renewed = members(refresh(idp, answer["refresh_token"]))
    assert "nonce" not in claims(renewed["id_token"])
    assert claims(renewed["id_token"])["auth_time"] == claims(answer["id_token"])["auth_time"]


def test_only_what_was_allowed_is_given() -> None:
    """Without openid no id_token, without offline_access no refresh token."""
    idp = attended()
    code = sent_back(Person(idp).sign_in(asking(scope="cosmos")))["code"]
    assert list(members(post(idp, exchanging(code)))) == ["access_token", "expires_in", "token_type", "scope"]


def test_identity_scopes_are_no_resource() -> None:
    """A token that is good for userinfo alone names no API."""
    idp = attended()
    code = sent_back(Person(idp).sign_in(asking(scope="openid profile")))["code"]
    assert "aud" not in claims(members(post(idp, exchanging(code)))["access_token"])


def test_a_code_works_once() -> None:
    """The second exchange is refused."""
    idp = attended()
    code = sent_back(Person(idp).sign_in(asking()))["code"]
    assert post(idp, exchanging(code)).status == 200
    assert post(idp, exchanging(code)).body == error("invalid_grant")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": None}, "invalid_grant"),
        ({"code": "A" * 64}, "invalid_grant"),
        ({"code": "A" * 101}, "invalid_grant"),
        ({"redirect_uri": None}, "unauthorized_client"),
        ({"redirect_uri": CALLBACK + "/"}, "invalid_grant"),
        ({"code_verifier": None}, "invalid_grant"),
        ({"code_verifier": VERIFIER[:-1] + "x"}, "invalid_grant"),
        ({"client_id": "other"}, "invalid_client"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_refused(changes: dict[str, str | None], code: str) -> None:
    """As the product answers each."""
    idp = attended()
    issued = sent_back(Person(idp).sign_in(asking()))["code"]
    answer = post(idp, exchanging(issued, **changes))
    assert (answer.status, answer.body) == (400, error(code))


def test_a_verifier_that_is_too_short_is_none() -> None:
    """RFC 7636 4.1, even where it fits its challenge."""
    idp = attended()
    code = sent_back(Person(idp).sign_in(asking(code_challenge=challenge_of("v" * 42, "S256"))))["code"]
    assert post(idp, exchanging(code, code_verifier="v" * 42)).body == error("invalid_grant")


def test_a_refused_code_is_used_up() -> None:
    """A thief does not get to guess the verifier."""
    idp = attended()
    code = sent_back(Person(idp).sign_in(asking()))["code"]
    post(idp, exchanging(code, code_verifier="x" * 43))
    assert post(idp, exchanging(code)).body == error("invalid_grant")


@pytest.mark.parametrize("method", [None, PLAIN])
def test_a_plain_challenge_is_the_verifier(method: str | None) -> None:
    """By name, or because no method is named (RFC 7636 4.3)."""
    idp = attended()
    asked = asking(code_challenge=VERIFIER, code_challenge_method=method)
    assert post(idp, exchanging(sent_back(Person(idp).sign_in(asked))["code"])).status == 200


def test_without_a_challenge_there_is_no_verifier() -> None:
    """One that comes all the same is refused, as the product does; none is fine."""
    idp = attended()
    person, asked = Person(idp), asking(code_challenge=None, code_challenge_method=None)
    assert post(idp, exchanging(sent_back(person.sign_in(asked))["code"], code_verifier=None)).status == 200
    assert post(idp, exchanging(sent_back(person.visit(asked))["code"])).body == error("invalid_grant")


@pytest.mark.parametrize("seconds", [299, 300])
def test_a_code_dies(seconds: int) -> None:
    """After five minutes."""
    now = Now()
    idp = attended(now=now)
    code = sent_back(Person(idp).sign_in(asking()))["code"]
    now.sleep(seconds)
    assert post(idp, exchanging(code)).status == (200 if seconds < 300 else 400)


def test_a_code_dies_with_its_user() -> None:
    """Who may not sign in any longer gets no token."""
    idp = attended()
    code = sent_back(Person(idp).sign_in(asking()))["code"]
    idp.become(replace(idp.config, users=()))
    assert post(idp, exchanging(code)).body == error("invalid_grant")


@pytest.mark.parametrize(
    "fields",
    [
        {"authorization": Authorization.USED_CODE},
        {"authorization": Authorization.OTHER_CHALLENGE},
        {"authorization_code_lifetime": 0},
    ],
    ids=str,
)
def test_a_code_can_be_bad_from_the_start(fields: dict[str, object]) -> None:
    """For scenarios: used by somebody else, of somebody else's request, expired."""
    idp = attended(**fields)
    assert post(idp, exchanging(sent_back(Person(idp).sign_in(asking()))["code"])).body == error("invalid_grant")


def test_no_refresh_token_where_there_are_none() -> None:
    """A tenant without refresh tokens refuses offline_access."""
    idp = attended(refresh_policy=RefreshPolicy.NONE)
    assert "/home/error?" in address(Person(idp).visit(asking()))
    assert "code" in sent_back(Person(idp).sign_in(asking(scope="openid cosmos")))


def test_sessions_survive_another_config() -> None:
    """A scenario that begins while somebody is signed in does not sign them out."""
    idp = attended()
    person = Person(idp)
    person.sign_in(asking())
    idp.become(idp.config)
    assert "code" in sent_back(person.visit(asking()))


def test_the_challenge_is_that_of_the_specification() -> None:
    """The example of RFC 7636, appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier, "S256") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_the_session_store_forgets_the_oldest() -> None:
    """A fake that is up for weeks does not grow."""
    numbers = iter(range(30_000))
    session_store = SessionStore(random=lambda size: next(numbers).to_bytes(size, "big"))
    handles = [session_store.sign_in(USER, 0) for _ in range(10_001)]
    assert session_store.session(handles[0]) is None
    assert session_store.session(handles[-1]) is not None
