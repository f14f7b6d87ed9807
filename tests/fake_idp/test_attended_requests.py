"""What a client asks of the authorize endpoint: which requests and addresses are accepted, which refused, and how."""

from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from fake_idp.oidc.attended.redirect import QUERY, answer_address, query_of
from fake_idp.server_config import Flavour
from tests.fake_idp.calls import fake, get, post
from tests.fake_idp.person import Person, address, asking, attended, sent_back


def text(answer_body: bytes) -> str:
    return answer_body.decode()


@pytest.mark.parametrize("page", ["Account/Login", "consent"])
def test_a_page_without_a_request_is_not_shown(page: str) -> None:
    """It would lead nowhere, or anywhere: no open redirector."""
    person = Person(attended())
    for back in (
        "",
        "?ReturnUrl=https%3A%2F%2Fevil.example%2F",
        "?ReturnUrl=%2Fidentity%2Fconnect%2Fauthorize%2Fcallback",
    ):
        answer = person.visit(f"/identity/{page}{back}")
        assert answer.status == 400
        assert address(answer) == ""


@pytest.mark.parametrize(
    ("redirect_uri", "accepted"),
    [
        ("http://127.0.0.1/", True),
        ("http://127.0.0.1:1/", True),
        ("http://[::1]:65535/back", True),
        ("http://localhost:8400", True),
        ("https://app.mine.example/callback", True),
        ("com.example.app:/callback", True),
        ("myapp://callback", True),
        ("http://app.mine.example/callback", False),
        ("http://127.0.0.1:99999/", False),
        ("https:///callback", False),
        ("https://app.mine.example/#fragment", False),
        ("https://app.mine.example/a b", False),
        ("https://app.mine.example/\r\nSet-Cookie: a=b", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("urn:ietf:wg:oauth:2.0:oob", False),
        ("/callback", False),
    ],
)
def test_addresses_of_applications_are_accepted(redirect_uri: str, accepted: bool) -> None:
    """https, loopback with any port, private schemes (RFC 8252 7); nothing is ever sent to another."""
    answer = Person(attended()).visit(asking(redirect_uri=redirect_uri))
    assert answer.status == (302 if accepted else 400)
    assert address(answer).startswith("/identity/Account/Login" if accepted else "")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": None}, "Invalid client_id"),
        ({"client_id": "x" * 101}, "Invalid client_id"),
        ({"client_id": "other"}, "Unknown client"),
        ({"redirect_uri": None}, "Invalid redirect_uri"),
        ({"redirect_uri": "https://a.example/" + "x" * 400}, "Invalid redirect_uri"),
        ({"response_type": None}, "Missing response_type"),
        ({"response_type": "smoke"}, "Response type not supported"),
        ({"response_type": "code "}, "Response type not supported"),
        ({"response_type": "token"}, "Invalid grant type for client"),
        ({"response_type": "id_token code"}, "Invalid grant type for client"),
        ({"response_type": "token", "code_challenge": "short"}, "Invalid grant type for client"),
        ({"response_type": "code token", "code_challenge": "short"}, "Invalid code_challenge"),
        ({"response_type": "token", "response_mode": "query"}, "Invalid response_mode for response_type"),
        ({"response_mode": "pigeon"}, "Invalid response_mode"),
        ({"code_challenge": "short"}, "Invalid code_challenge"),
        ({"code_challenge_method": "S512"}, "Transform algorithm not supported"),
        ({"scope": None}, "Invalid scope"),
        ({"scope": "cosmos " + "x" * 300}, "Invalid scope"),
        ({"scope": "openid other"}, "Invalid scope"),
        ({"scope": "profile"}, "openid scope is missing"),
        ({"nonce": "n" * 301}, "Invalid nonce"),
        ({"prompt": "none login"}, "Invalid prompt"),
        ({"max_age": "soon"}, "Invalid max_age"),
        ({"max_age": "-1"}, "Invalid max_age"),
        ({"max_age": str(2**31)}, "Invalid max_age"),
        ({"ui_locales": "x" * 101}, "Invalid ui_locales"),
        ({"login_hint": "x" * 101}, "Invalid login_hint"),
        ({"acr_values": "x" * 301}, "Invalid acr_values"),
        ({"request": "x"}, "invalid_request_object"),
        ({"request_uri": "https://a.example/"}, "request_uri_not_supported"),
        ({"request": "x", "request_uri": "https://a.example/"}, "Only one request parameter"),
    ],
    ids=str,
)
def test_a_wrong_request_is_shown_to_the_person(changes: dict[str, str | None], words: str) -> None:
    """On a page, as the product does, and nothing is sent back to the client."""
    answer = Person(attended()).visit(asking(**changes))
    assert (answer.status, address(answer)) == (400, "")
    assert words in text(answer.body)


def test_the_way_to_the_login_page() -> None:
    """Whole address, blanks as %20, what was asked behind it; a redirect like any other, which may be kept."""
    idp = attended()
    idp.ports.add(80)
    asked = "client_id=external.customer&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcb&scope=openid+cosmos&state=a%2Cb"
    answer = get(idp, f"/identity/connect/authorize?response_type=code&{asked}", host="127.0.0.1")
    back = "/identity/connect/authorize/callback?response_type=code&" + asked.replace("+", "%20").replace("%2C", ",")
    address = f"http://127.0.0.1/identity/Account/Login?ReturnUrl={quote(back, safe=',')}"
    assert answer.headers.raw == (("Location", address),)


@pytest.mark.parametrize(
    ("flavour", "asked", "back"),
    [
        (Flavour.IS4, {"prompt": "login consent"}, {"prompt": None}),
        (Flavour.DUENDE, {"prompt": "login consent"}, {"suppressed_prompt": "login"}),
        (Flavour.DUENDE, {"prompt": "select_account login"}, {"suppressed_prompt": "login select_account"}),
        (Flavour.IS4, {"max_age": "0"}, {}),
        (Flavour.DUENDE, {"max_age": "0"}, {"suppressed_max_age": "0"}),
        (Flavour.DUENDE, {"max_age": "1"}, {}),
        (Flavour.IS4, {"acr_values": "idp:x"}, {}),
        (Flavour.IS4, {"prompt": "consent"}, {}),
    ],
    ids=str,
)
def test_what_a_login_page_brings_back(flavour: Flavour, asked: dict[str, str], back: dict[str, str | None]) -> None:
    """All that was asked for; IdentityServer4 takes a prompt away, Duende says which it has processed."""
    login = address(Person(attended(flavour=flavour)).visit(asking(**asked)))
    assert login == f"/identity/Account/Login?{query_of([('ReturnUrl', callback(**{**asked, **back}))])}"


def callback(**asked: str | None) -> str:
    kept = parse_qsl(urlsplit(asking(**asked)).query)
    return f"/identity/connect/authorize/callback?{query_of(kept)}"


def test_an_escape_that_is_not_utf_8_stays_in_a_query() -> None:
    """As in a form: .NET leaves it as it is."""
    person = Person(attended())
    person.sign_in(asking())
    assert sent_back(person.visit(asking(state=None) + "&state=%E9%C3%A9"))["state"] == "%E9é"


@pytest.mark.parametrize(
    ("redirect_uri", "answered"),
    [
        ("http://h/cb", "http://h/cb?c=1"),
        ("http://h/cb?a=b", "http://h/cb?a=b&c=1"),
        ("http://h/?a&", "http://h/?a&c=1"),
    ],
)
def test_an_answer_goes_behind_the_query_of_the_address(redirect_uri: str, answered: str) -> None:
    """With no more of a separator than is missing."""
    assert answer_address(redirect_uri, QUERY, {"c": "1"}, "") == answered


def test_no_page_leads_to_a_host_that_was_not_called() -> None:
    """Where the fake goes by another name, the address is one of the host that the browser has called."""
    idp = attended(authority="https://login.example/identity")
    assert (get(idp, asking(), host="fake.internal:8080").headers.get("location") or "").startswith("/identity/")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"response_type": None}, "<code>invalid_request</code>"),
        ({"prompt": "other"}, "Unsupported prompt mode"),
        ({"resource": "x"}, "Invalid resource indicator format"),
        ({"resource": "urn:x"}, "Invalid resource indicator"),
        ({"dpop_jkt": "x" * 101}, "Invalid dpop_jkt"),
    ],
    ids=str,
)
def test_duende_refuses_more(changes: dict[str, str | None], words: str) -> None:
    """IdentityServer4 says of the first that the type is not supported, and does not look at the others."""
    assert words in text(Person(attended(flavour=Flavour.DUENDE)).visit(asking(**changes)).body)
    older = Person(attended()).visit(asking(**changes))
    assert (older.status == 302) is (changes.keys() != {"response_type"})


def test_an_unknown_prompt_hides_the_known_ones() -> None:
    """IdentityServer4 then ignores them all, and asks the person as usual."""
    assert "/Account/Login" in address(Person(attended()).visit(asking(prompt="none other")))


def test_where_nobody_may_sign_in_the_endpoint_says_so() -> None:
    """It exists, as in the product, where a client that may use the password grant alone has no address to send to."""
    answer = Person(fake()).visit(asking())
    assert answer.status == 400
    assert "Invalid redirect_uri" in text(answer.body)


@pytest.mark.parametrize("path", ["connect/authorize", "connect/authorize/callback", "connect/endsession"])
def test_other_methods_are_refused(path: str) -> None:
    """GET, and POST where the specification has it."""
    person = Person(attended())
    assert get(person.idp, f"/identity/{path}", "PUT").status == 405
    assert get(person.idp, "/identity/Account/Login", "PUT").status == 405


def test_a_client_may_post_its_request() -> None:
    """As a form (OpenID Connect Core 3.1.2.1), and as nothing else."""
    idp = attended()
    query = urlsplit(asking()).query
    assert "/Account/Login" in address(post(idp, query, path="/identity/connect/authorize"))
    assert post(idp, query, path="/identity/connect/authorize", content_type="application/json").status == 415


def test_an_end_that_is_no_form() -> None:
    """Posted as another media type it is an error that nobody catches in the product."""
    assert post(attended(), "{}", "/identity/connect/endsession", content_type="application/json").status == 500
