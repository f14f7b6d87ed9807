"""Postman's own OAuth 2.0 helper: what it would send is judged, what differs between its versions is left open."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.judge.engine import judge
from blastiq_conformance.sources import SourceError, read
from fake_idp.classify import Kind
from tests.judge.sources.bytes_of import TOKEN_URL, fields, read_json

HERE = Path(__file__).parent / "postman"
API = "https://mine.example/v1/blasts"
PASSWORD = {
    "grant_type": "password_credentials",
    "accessTokenUrl": TOKEN_URL,
    "username": "svc@mine.example",
    "password": "a b&c",
    "clientId": "external.customer",
    "client_authentication": "body",
    "scope": "cosmos",
}


def oauth2(**more: object) -> dict[str, object]:
    listed = [{"key": key, "value": value, "type": "any"} for key, value in (PASSWORD | more).items()]
    return {"type": "oauth2", "oauth2": listed}


def one(auth: object, url: str = API) -> dict[str, object]:
    return {"info": {"name": "c"}, "item": [{"request": {"method": "GET", "url": {"raw": url}}}], "auth": auth}


def outcomes(evidence: Evidence) -> Mapping[str, str]:
    return {result.rule: str(result.outcome) for result in judge(evidence, catalogue().values())}


def test_a_good_helper_conforms_as_far_as_can_be_told() -> None:
    """No error; what an empty secret becomes is left open, what is there is not."""
    (evidence,) = read(HERE / "sign-in-right.json")
    found = outcomes(evidence)
    assert "failed" not in found.values()
    assert (found["BIQ205"], found["BIQ206"], found["BIQ209"], found["BIQ602"]) == (
        "passed",
        "passed",
        "cant_tell",
        "passed",
    )
    kinds = [exchange.kind for exchange in evidence.exchanges]
    assert kinds == [Kind.TOKEN, Kind.API, Kind.API, Kind.API]
    assert [bool(x.request.headers.get("authorization")) for x in evidence.exchanges] == [False, True, True, False]


def test_a_bad_helper_is_found_out() -> None:
    """Secret, scope, audience, a refresh with a scope, the token in the address."""
    (evidence,) = read(HERE / "sign-in-wrong.json")
    failed = {rule for rule, outcome in outcomes(evidence).items() if outcome == "failed"}
    assert failed == {"BIQ209", "BIQ211", "BIQ212", "BIQ504", "BIQ507", "BIQ602", "BIQ704"}
    assert [x.kind for x in evidence.exchanges][:2] == [Kind.TOKEN, Kind.TOKEN]


def test_the_fields_stand_where_postman_puts_them(tmp_path: Path) -> None:
    """Client in the body, extra fields where each is sent; the whole of it known."""
    extra = [
        {"key": "realm", "value": "mine", "enabled": True, "send_as": "request_body"},
        {"key": "X-Tenant", "value": "t", "send_as": "request_header"},
        {"key": "v", "value": "1 2", "send_as": "request_url"},
        {"key": "off", "value": "1", "enabled": False, "send_as": "request_body"},
    ]
    evidence = read_json(tmp_path, one(oauth2(clientSecret="s", tokenRequestParams=extra)))
    asked = evidence.exchanges[0]
    assert asked.request.target == "/identity/connect/token?v=1%202"
    assert asked.request.headers.get("x-tenant") == "t"
    assert [(pair.name, pair.value) for pair in asked.request.form] == [
        ("grant_type", "password"),
        ("username", "svc@mine.example"),
        ("password", "a b&c"),
        ("client_id", "external.customer"),
        ("client_secret", "s"),
        ("scope", "cosmos"),
        ("realm", "mine"),
    ]
    assert asked.lost == {"response"}


@pytest.mark.parametrize(
    ("more", "lost", "reason"),
    [
        ({}, {"body"}, "empty client secret"),
        ({"clientSecret": "s", "scope": ""}, {"body"}, "empty scope"),
        ({"clientSecret": "s", "audience": "a"}, {"body"}, "setting audience"),
        ({"clientSecret": "s", "client_authentication": "header"}, {"body"}, "client_id is in the body too"),
        ({"client_authentication": "header"}, {"body", "headers"}, "empty client secret"),
        ({"clientSecret": "s", "client_authentication": None}, {"body", "headers"}, "do not say where"),
        (
            {"clientSecret": "s", "tokenRequestParams": [{"key": "scope", "value": "x", "send_as": "request_body"}]},
            {"body"},
            "the extra field scope",
        ),
        (
            {"clientSecret": "s", "tokenRequestParams": [{"key": "authorization", "send_as": "request_header"}]},
            {"body", "headers"},
            "the extra field authorization",
        ),
        ({"clientSecret": "s", "grant_type": "authorization_code"}, {"body"}, "the code that a person"),
    ],
)
def test_what_differs_between_versions_is_left_open(
    tmp_path: Path, more: dict[str, object], lost: set[str], reason: str
) -> None:
    """Never guessed: the field is not there, and the request is said not to be whole."""
    asked = read_json(tmp_path, one(oauth2(**more))).exchanges[0]
    assert asked.lost == {*lost, "response"}
    assert reason in asked.edited


def test_a_client_in_the_header_is_basic(tmp_path: Path) -> None:
    """As the name of a user and a password would be."""
    evidence = read_json(tmp_path, one(oauth2(clientSecret="sé", client_authentication="header")))
    asked = evidence.exchanges[0].request
    expected = base64.b64encode("external.customer:sé".encode()).decode()
    assert asked.headers.get("authorization") == f"Basic {expected}"
    assert "client_id" not in fields(evidence)[0]


@pytest.mark.parametrize(
    ("grant", "outcome", "sent"),
    [
        ("client_credentials", "failed", "client_credentials"),
        ("authorization_code_with_pkce", "failed", "authorization_code"),
    ],
)
def test_another_grant_is_a_wrong_one(tmp_path: Path, grant: str, outcome: str, sent: str) -> None:
    """A Service User signs in by password; no name and no password goes along."""
    evidence = read_json(tmp_path, one(oauth2(grant_type=grant, clientSecret="s")))
    assert outcomes(evidence)["BIQ205"] == outcome
    assert fields(evidence)[0]["grant_type"] == sent
    assert "username" not in fields(evidence)[0]


@pytest.mark.parametrize(
    "more", [{"grant_type": "implicit"}, {"grant_type": None}, {"accessTokenUrl": "", "accessToken": "T1"}]
)
def test_what_asks_for_no_token_has_no_token_request(tmp_path: Path, more: dict[str, object]) -> None:
    """A pasted token, or one that the browser brings: only the call is seen."""
    evidence = read_json(tmp_path, one(oauth2(**more)))
    assert [exchange.kind for exchange in evidence.exchanges] == [Kind.API]


@pytest.mark.parametrize(
    ("more", "header", "target"),
    [
        ({"accessToken": "T1"}, "Bearer T1", "/v1/blasts?access_token=old&a=b"),
        ({"accessToken": "T1", "headerPrefix": " Token "}, "Token T1", "/v1/blasts?access_token=old&a=b"),
        ({"accessToken": "T1", "headerPrefix": ""}, "T1", "/v1/blasts?access_token=old&a=b"),
        ({"accessToken": "T/1", "addTokenTo": "queryParams"}, None, "/v1/blasts?a=b&access_token=T%2F1"),
        ({"accessToken": "T1", "tokenType": "MAC"}, "Bearer mine", "/v1/blasts?access_token=old&a=b"),
        ({}, "Bearer <access_token>", "/v1/blasts?access_token=old&a=b"),
        ({"accessToken": "T1", "addTokenTo": "elsewhere"}, "Bearer mine", "/v1/blasts?access_token=old&a=b"),
    ],
)
def test_the_token_goes_where_the_settings_say(
    tmp_path: Path, more: dict[str, object], header: str | None, target: str
) -> None:
    """What a person wrote by hand is removed, as Postman's runtime does it."""
    model = one(oauth2(**more), API + "?access_token=old&a=b")
    model["item"][0]["request"]["header"] = [{"key": "authorization", "value": "Bearer mine"}]  # type: ignore[index]  # objects and lists of JSON
    call = read_json(tmp_path, model).exchanges[-1].request
    assert (call.headers.get("authorization"), call.target) == (header, target)


def test_helpers_are_inherited_and_a_token_is_fetched_once(tmp_path: Path) -> None:
    """One sign-in for all that share the settings, one more where a folder has its own; variables are put in."""
    folder = {"item": [{"request": API}, {"request": TOKEN_URL}], "auth": oauth2(username="{{other}}")}
    model = one(oauth2()) | {"item": [{"request": API}, folder, {"request": API}]}
    evidence = read_json(tmp_path, model, other="second@mine.example")
    names = [each.get("username") for each in fields(evidence)]
    assert names == ["svc@mine.example", "second@mine.example"]
    assert evidence.exchanges[4].request.headers.get("authorization") is None


def test_settings_may_be_an_object(tmp_path: Path) -> None:
    """As the older format has them."""
    evidence = read_json(tmp_path, one({"type": "oauth2", "oauth2": PASSWORD | {"refreshTokenUrl": 1}}))
    assert fields(evidence)[0]["password"] == "a b&c"


@pytest.mark.parametrize("odd", [3, None, [3, {"key": 3}], {"key": "x"}])
def test_odd_settings_are_no_crash(tmp_path: Path, odd: object) -> None:
    """Whatever a hand has put there."""
    evidence = read_json(tmp_path, one({"type": "oauth2", "oauth2": odd}))
    assert [exchange.kind for exchange in evidence.exchanges] == [Kind.OTHER]
    read_json(tmp_path, one(oauth2(tokenRequestParams=odd, refreshRequestParams=odd)))


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    """With the request that would sign in by it."""
    with pytest.raises(SourceError, match="request 1: Invalid IPv6"):
        read_json(tmp_path, one(oauth2(accessTokenUrl="http://[")))


def test_the_files_are_what_postman_exports() -> None:
    """Collections of version 2.1."""
    for name in ("right", "wrong"):
        assert "v2.1.0" in json.loads((HERE / f"sign-in-{name}.json").read_text())["info"]["schema"]


def test_a_refresh_has_an_address_of_its_own(tmp_path: Path) -> None:
    """Where none is named it goes where the sign-in went; what is a number in the settings is sent as one."""
    listed = [{"key": "x", "value": 5, "send_as": "request_body"}]
    for named, path in ((TOKEN_URL + "/renew", "/renew"), ("", "")):
        auth = oauth2(refreshTokenUrl=named, refreshRequestParams=listed)
        signing_in, refresh, _ = read_json(tmp_path, one(auth)).exchanges
        assert (signing_in.request.url, refresh.request.url) == (TOKEN_URL, TOKEN_URL + path)
        assert ("x", "5") in [(pair.name, pair.value) for pair in refresh.request.form]
