"""A person signs in: from the authorize endpoint over login and consent to a code, and what may stand in the way."""

import re
from dataclasses import replace

import pytest

from fake_idp.server_config import Authorization, Flavour
from tests.fake_idp.calls import FLAVOURS, LOCKED, USER, Now
from tests.fake_idp.person import CALLBACK, Person, address, asking, attended, sent_back


def text(answer_body: bytes) -> str:
    return answer_body.decode()


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_person_signs_in_and_agrees(flavour: Flavour) -> None:
    """Login, consent, and a code goes to where the client asked for it, with its state."""
    answer = Person(attended(flavour=flavour)).sign_in(asking())
    assert address(answer).startswith(CALLBACK + "?code=")
    back = sent_back(answer)
    assert back["state"] == "the state"
    scopes = None if flavour is Flavour.DUENDE else "openid profile cosmos offline_access"
    assert back.get("scope") == scopes
    assert back.get("iss") == ("https://www.blastiq.com/identity" if flavour is Flavour.DUENDE else None)


def test_a_second_request_asks_for_nothing() -> None:
    """Who is signed in and has agreed gets a code at once, another each time."""
    person = Person(attended())
    first = sent_back(person.sign_in(asking()))
    second = sent_back(person.visit(asking()))
    assert second["code"] != first["code"]


@pytest.mark.parametrize("prompt", ["login", "select_account", "login consent"])
def test_a_prompt_asks_again(prompt: str) -> None:
    """The client may have the person sign in again; once is enough."""
    person = Person(attended())
    person.sign_in(asking())
    assert address(person.visit(asking(prompt=prompt))).startswith("/identity/Account/Login?")
    assert "code" in sent_back(person.sign_in(asking(prompt=prompt)))


def test_another_provider_asks_again() -> None:
    """`acr_values` may name who is to sign the person in; once is enough, and ours is local."""
    person = Person(attended())
    person.sign_in(asking())
    assert "code" in sent_back(person.visit(asking(acr_values="tenant:x idp:local")))
    assert sent_back(person.visit(asking(acr_values="idp:x", prompt="none")))["error"] == "login_required"
    assert "code" in sent_back(person.sign_in(asking(acr_values="idp:x")))


def test_a_prompt_asks_for_consent_again() -> None:
    """The consent page is shown, though all was allowed before."""
    person = Person(attended())
    person.sign_in(asking())
    page = address(person.visit(asking(prompt="consent")))
    assert page.startswith("/identity/consent?returnUrl=")
    assert "code" in sent_back(person.follow(person.visit(page, {"answer": "yes"})))


def test_more_scopes_need_another_consent() -> None:
    """What was allowed stays allowed, what is new is asked for."""
    person = Person(attended())
    person.sign_in(asking(scope="openid"))
    assert "/consent?" in address(person.visit(asking(scope="openid cosmos")))
    assert "code" in sent_back(person.visit(asking(scope="openid")))


def test_without_prompt_nobody_is_asked() -> None:
    """prompt=none tells the client what is missing, and shows no page."""
    person = Person(attended())
    refused = sent_back(person.visit(asking(prompt="none")))
    assert (refused["error"], refused["state"]) == ("login_required", "the state")
    person.sign_in(asking(scope="openid"))
    assert sent_back(person.visit(asking(prompt="none")))["error"] == "consent_required"
    assert "code" in sent_back(person.visit(asking(prompt="none", scope="openid")))


def test_an_old_sign_in_is_too_old() -> None:
    """max_age demands a fresh one."""
    now = Now()
    person = Person(attended(now=now))
    person.sign_in(asking())
    now.sleep(60)
    assert "code" in sent_back(person.visit(asking(max_age="60")))
    now.sleep(1)
    assert "/Account/Login" in address(person.visit(asking(max_age="60")))


def test_a_session_ends_with_its_user() -> None:
    """Who may not sign in any longer is not signed in either."""
    person = Person(attended())
    person.sign_in(asking())
    person.idp.become(replace(person.idp.config, users=()))
    assert "/Account/Login" in address(person.visit(asking()))


def test_a_person_may_say_no() -> None:
    """The client is told access_denied, with its state, and an end that no script can read as more."""
    answer = Person(attended()).sign_in(asking(scope="cosmos"), allow="no")
    assert address(answer) == f"{CALLBACK}?error=access_denied&state=the%20state#_=_"
    answer = Person(attended(flavour=Flavour.DUENDE)).sign_in(asking(scope="cosmos"), allow="no")
    assert address(answer) == f"{CALLBACK}?error=access_denied&state=the%20state#_"


@pytest.mark.parametrize(
    ("username", "password"),
    [(USER.username, "wrong"), ("nobody", USER.password), (LOCKED.username, LOCKED.password), ("", "")],
    ids=["password", "name", "locked", "nothing"],
)
def test_wrong_credentials_are_said_in_one_way(username: str, password: str) -> None:
    """The page comes back with a text that does not tell what was wrong, and with the name but no password."""
    person = Person(attended())
    login = address(person.visit(asking()))
    page = person.visit(login, {"username": username, "password": password})
    assert page.status == 200
    assert 'role="alert"' in text(page.body)
    assert f'value="{username}"' in text(page.body)
    assert "wrong" not in text(page.body)
    assert person.cookies == {}


def test_a_login_hint_fills_the_name_in() -> None:
    """And it is escaped like everything that comes from outside."""
    person = Person(attended())
    page = text(person.follow(person.visit(asking(login_hint='"><script>alert(1)</script>'))).body)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_consent_needs_a_session() -> None:
    """Nobody agrees for somebody who is not there."""
    person = Person(attended())
    page = address(person.visit(asking())).replace("/Account/Login?ReturnUrl", "/consent?returnUrl")
    assert address(person.visit(page, {"answer": "yes"})).startswith("/identity/Account/Login?ReturnUrl=")


@pytest.mark.parametrize(("mode", "mark"), [("query", "?code="), ("fragment", "#code=")])
def test_the_answer_goes_where_it_was_asked_for(mode: str, mark: str) -> None:
    """In the query or in the fragment."""
    assert mark in address(Person(attended()).sign_in(asking(response_mode=mode)))


def test_the_answer_may_be_posted() -> None:
    """A form without script hands it over."""
    page = Person(attended()).sign_in(asking(response_mode="form_post"))
    assert (page.status, page.headers.media_type) == (200, "text/html")
    assert f'action="{CALLBACK}"' in text(page.body)
    assert re.search(r'name="code" value="[0-9A-F]{64}"', text(page.body))


def test_a_query_of_the_address_is_kept() -> None:
    """The members of the answer follow it."""
    answer = Person(attended()).sign_in(asking(redirect_uri=CALLBACK + "?app=1"))
    assert address(answer).startswith(CALLBACK + "?app=1&code=")


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        (Authorization.GRANTED, {"code", "scope", "state", "session_state"}),
        (Authorization.DENIED, {"error", "state", "session_state"}),
        (Authorization.NO_STATE, {"code", "scope", "session_state"}),
        (Authorization.USED_CODE, {"code", "scope", "state", "session_state"}),
    ],
)
def test_what_comes_of_it_can_be_bent(authorization: Authorization, expected: set[str]) -> None:
    """For scenarios: the answer has just the members that it would have from such a server."""
    assert set(sent_back(Person(attended(authorization=authorization)).sign_in(asking()))) == expected


def test_a_state_can_be_another() -> None:
    """Where the client sent one; who sent none gets none."""
    idp = attended(authorization=Authorization.OTHER_STATE)
    assert sent_back(Person(idp).sign_in(asking()))["state"] != "the state"
    assert "state" not in sent_back(Person(idp).sign_in(asking(state=None)))


def test_an_issuer_can_be_another() -> None:
    """The mix-up of RFC 9207, for a product that names the issuer."""
    idp = attended(authorization=Authorization.OTHER_ISSUER, flavour=Flavour.DUENDE)
    assert sent_back(Person(idp).sign_in(asking()))["iss"] == "https://impostor.example/identity"


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("", ""),
        ("?post_logout_redirect_uri=https%3A%2F%2Fapp.mine.example%2F", ""),
        ("?id_token_hint=x&post_logout_redirect_uri=http%3A%2F%2Fevil.example%2F", ""),
        ("?id_token_hint=x&post_logout_redirect_uri=https%3A%2F%2Fapp.mine.example%2F", "https://app.mine.example/"),
        ("?id_token_hint=x&post_logout_redirect_uri=a.b%3A%2Fout&state=s+1", "a.b:/out?state=s+1"),
    ],
)
def test_a_person_signs_out(query: str, where: str) -> None:
    """The session ends; the browser goes on only where a client that shows an id_token asked for it."""
    person = Person(attended())
    person.sign_in(asking())
    answer = person.visit(f"/identity/connect/endsession{query}")
    assert (address(answer), answer.status) == (where, 302 if where else 200)
    assert "/Account/Login" in address(person.visit(asking()))


def test_signing_out_may_be_posted() -> None:
    """As a form."""
    person = Person(attended())
    person.sign_in(asking())
    assert "signed out" in text(person.visit("/identity/connect/endsession", {"state": "x"}).body)
    assert "/Account/Login" in address(person.visit(asking()))


def test_pages_are_guarded() -> None:
    """No script runs, nobody frames them, no address leaks, and nothing is kept by a cache."""
    headers = Person(attended()).follow(Person(attended()).visit(asking())).headers
    policy = headers.get("content-security-policy") or ""
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert (headers.get("referrer-policy"), headers.get("x-content-type-options")) == ("no-referrer", "nosniff")
    assert "no-store" in (headers.get("cache-control") or "")


def test_the_cookie_is_for_this_server_alone() -> None:
    """No script reads it, no other site sends it, and over TLS it stays there."""
    person = Person(attended())
    login = address(person.visit(asking()))
    cookie = person.visit(login, {"username": USER.username, "password": USER.password}).headers.get("set-cookie") or ""
    assert re.fullmatch(r"idsrv=[0-9a-f]{64}; Path=/identity; HttpOnly; SameSite=Lax", cookie)


def test_blank_parameters_are_as_absent() -> None:
    """As at the token endpoint."""
    assert "/Account/Login" in address(Person(attended()).visit(asking(nonce=" ", prompt="", max_age="")))


def test_other_cookies_are_none_of_its_business() -> None:
    """They may stand before and behind, in a header or in several."""
    person = Person(attended())
    person.sign_in(asking())
    person.cookies = {"other": "1", **person.cookies, "idsrv.session": "2"}
    assert "code" in sent_back(person.visit(asking()))
    person.cookies = {"other": "1"}
    assert "/Account/Login" in address(person.visit(asking()))
