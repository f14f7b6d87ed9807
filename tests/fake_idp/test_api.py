"""The API's stand-in: bearer tokens, sites, the sister article's limits, tokens that die."""

import base64
import json

import pytest

from fake_idp.oidc.token_store import TokenStore
from fake_idp.server_config import TokenShape
from fake_idp.wire import Headers, Json, Request
from tests.fake_idp.calls import USER, Now, call, claims, fake, get, post, sign_in

NO_CREDENTIALS = "Bearer"
INVALID = 'Bearer error="invalid_token"'


def expired(at: str) -> str:
    return f"{INVALID}, error_description=\"The token expired at '{at}'\""


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v3/blasts?page=2", "/API/x", "/api/sites/north/blasts"])
def test_answer(path: str) -> None:
    """Every path below the API's address answers a good token with the user's site."""
    idp = fake()
    answer = call(idp, sign_in(idp)["access_token"], path)
    assert answer.status == 200
    assert answer.headers.raw == (("Content-Type", "application/json; charset=utf-8"),)
    assert answer.body.startswith(f'{{"site":"north","sub":"{USER.subject}","items":[{{"id":1,'.encode())


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        ("", NO_CREDENTIALS),
        ("Bearer", NO_CREDENTIALS),
        ("Bearer ", NO_CREDENTIALS),
        ("Bearer a b", INVALID),
        ('Bearer "x"', INVALID),
        ("Basic YTpi", NO_CREDENTIALS),
        ("Bearer unknown", INVALID),
    ],
)
def test_refused(authorization: str, challenge: str) -> None:
    """R64, D53: without a token there is no error code, with nonsense there is, and nothing more."""
    answer = get(fake(), "/api", authorization=authorization)
    assert (answer.status, answer.body) == (401, b"")
    assert answer.headers.get_all("www-authenticate") == [challenge]


def test_token_in_other_places() -> None:
    """R67: a token in query or body is not looked at."""
    idp = fake()
    token = str(sign_in(idp)["access_token"])
    assert get(idp, f"/api?access_token={token}").status == 401
    assert post(idp, {"access_token": token}, "/api").headers.get("www-authenticate") == NO_CREDENTIALS


def test_scheme_in_any_case() -> None:
    """R68: the scheme's case does not matter."""
    idp = fake()
    assert get(idp, "/api", authorization=f"bEaReR {sign_in(idp)['access_token']}").status == 200


def test_expiry() -> None:
    """R65: a token is good until its second is over."""
    now = Now()
    idp = fake(now)
    token = sign_in(idp)["access_token"]
    now.sleep(3599)
    assert call(idp, token).status == 200
    now.sleep(1)
    assert call(idp, token).headers.get("www-authenticate") == expired("11/14/2023 23:13:20")


def test_expire_tokens() -> None:
    """All tokens can be made to die at once; a new one is good."""
    idp = fake()
    token = sign_in(idp)["access_token"]
    idp.expire_tokens()
    assert call(idp, token).status == 401
    assert call(idp, sign_in(idp)["access_token"]).status == 200


@pytest.mark.parametrize("shape", [TokenShape.JWT, TokenShape.OPAQUE])
def test_a_token_that_was_killed_says_when(shape: TokenShape) -> None:
    """D53: the time at which it was killed, by hand or by its last call; by hand it is killed once."""
    now = Now()
    idp = fake(now, api_calls_per_token=1, token_shape=shape)
    token, other = sign_in(idp)["access_token"], sign_in(idp)["access_token"]
    now.sleep(5)
    call(idp, token)
    now.sleep(5)
    idp.expire_tokens()
    now.sleep(5)
    idp.expire_tokens()
    assert call(idp, token).headers.get("www-authenticate") == expired("11/14/2023 22:13:25")
    assert call(idp, other).headers.get("www-authenticate") == expired("11/14/2023 22:13:30")


def spoilt(token: str) -> dict[str, str]:
    head, payload, signature = token.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    foreign = base64.urlsafe_b64encode(b'{"alg":"RS256","kid":"OTHER"}').decode().rstrip("=")
    return {
        f"{head}.{payload}.{signature[:-8]}AAAAAAAA": "The signature is invalid",
        f"{head}.{payload}.%": "The signature is invalid",
        f"{head}.{payload}.": "The signature is invalid",
        f"{none}.{payload}.{signature}": "The signature key was not found",
        f"{none}.{payload}.": "The signature is invalid",
        f"{foreign}.{payload}.{signature}": "The signature key was not found",
        f"{head}.{signature}.{payload}": "",
        f"{head}.{payload}": "",
        f"{signature}.{payload}.{signature}": "",
        f"W10.{payload}.{signature}": "",
    }


def test_a_forged_token_is_told_from_nonsense() -> None:
    """D53: in the words of ASP.NET's bearer handler."""
    idp = fake()
    for token, words in spoilt(str(sign_in(idp)["access_token"])).items():
        said = f'{INVALID}, error_description="{words}"' if words else INVALID
        assert call(idp, token).headers.get("www-authenticate") == said, token


ODD_LIFE = "The token lifetime is invalid"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"exp": 1, "nbf": 0}, "The token expired at '01/01/1970 00:00:01'"),
        ({"exp": None}, "The token has no expiration"),
        ({"nbf": 1_800_000_000, "exp": 10**18}, "The token is not valid before '01/15/2027 08:00:00'"),
        ({"nbf": 9**20, "exp": -1}, f"{ODD_LIFE}; NotBefore: '12/31/9999 23:59:59', Expires: '01/01/1970 00:00:00'"),
        ({"iss": None}, "The issuer '' is invalid"),
        ({"iss": "https://elsewhere.example"}, "The issuer 'https://elsewhere.example' is invalid"),
        ({"aud": ["a", "b"]}, "The audience 'a, b' is invalid"),
        ({"aud": None}, "The audience 'empty' is invalid"),
    ],
    ids=str,
)
def test_of_an_unknown_key_the_claims_are_looked_at(changes: dict[str, Json], words: str) -> None:
    """The bearer handler spares itself the search for the key of a token that would be no good with it."""
    idp = fake()
    told = {**claims(sign_in(idp)["access_token"]), **changes}
    head = segment({"alg": "RS256", "kid": "OTHER"})
    token = f"{head}.{segment({name: value for name, value in told.items() if value is not None})}"
    said = call(idp, f"{token}.x").headers.get("www-authenticate")
    assert said == f'{INVALID}, error_description="{words}"'


@pytest.mark.parametrize("issuer", ["a\r\nSet-Cookie: a=b", "é"])
def test_what_may_not_stand_in_a_field_is_a_fault(issuer: str) -> None:
    """The web server refuses to write it, and the answer is that of any exception."""
    idp = fake()
    told = {**claims(sign_in(idp)["access_token"]), "iss": issuer}
    answer = call(idp, f"{segment({'alg': 'RS256', 'kid': 'OTHER'})}.{segment(told)}.x")
    assert (answer.status, answer.headers.raw, answer.body) == (500, (), b"")


def segment(value: dict[str, Json]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_an_id_token_is_for_somebody_else() -> None:
    """It is signed by the right key, and names the client as its audience."""
    idp = fake(identity_tokens=True)
    said = call(idp, sign_in(idp)["id_token"]).headers.get("www-authenticate")
    assert said == f"{INVALID}, error_description=\"The audience 'external.customer' is invalid\""


def test_two_authorization_headers() -> None:
    """They are read as one value, which holds no token."""
    idp = fake()
    bearer = ("Authorization", f"Bearer {sign_in(idp)['access_token']}")
    request = Request(method="GET", target="/api", headers=Headers((("Host", "www.blastiq.com"), bearer, bearer)))
    answer = idp.handle(request)
    assert (answer.status, answer.headers.get("www-authenticate")) == (401, INVALID)


def test_forbidden() -> None:
    """R66: a token without a scope of the API, or for another site, is not enough."""
    idp = fake()
    for token, path in (
        (sign_in(idp, scope="offline_access")["access_token"], "/api"),
        (sign_in(idp)["access_token"], "/api/sites/south/blasts"),
    ):
        answer = call(idp, token, path)
        assert (answer.status, answer.headers.get("www-authenticate")) == (403, 'Bearer error="insufficient_scope"')


@pytest.mark.parametrize("calls", [1, 3])
def test_calls_per_token(calls: int) -> None:
    """A token that survives so many calls is dead after them, and every further call finds it so."""
    idp = fake(api_calls_per_token=calls)
    token = sign_in(idp)["access_token"]
    assert [call(idp, token).status for _ in range(calls + 2)] == [200] * calls + [401, 401]


def test_last_call_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two calls that both saw the token alive, one finds it used up."""
    idp = fake(api_calls_per_token=1)
    token = str(sign_in(idp)["access_token"])
    grant = idp.authority.token_store.look_up(token, 0.0)
    monkeypatch.setattr(TokenStore, "look_up", lambda *_: grant)
    assert [call(idp, token).status, call(idp, token).status] == [200, 401]


def test_api_on_a_host_of_its_own() -> None:
    """An API at the root of its host takes every path that is not the identity server's."""
    idp = fake(api_url="https://api.blastiq.test")
    assert call(idp, sign_in(idp)["access_token"], "/v3/blasts").status == 200
