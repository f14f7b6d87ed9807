"""Mode reject: status and text for each thing that the article forbids, and nothing else refused."""

import pytest

from fake_idp.server_config import Flavour, Mode
from fake_idp.wire import Headers, Request
from tests.fake_idp.calls import (
    CLIENT,
    FLAVOURS,
    GOOD,
    basic,
    fake,
    flavoured,
    form,
    get,
    members,
    post,
    refresh,
    sign_in,
)

BASIC_ID = basic("external.customer", "")
BASIC_SECRET = basic("external.customer", "secret")
LONG = "x" * 101
PATH = "/identity/connect/token"

# The request, then status, error, and the field that the description names.
REFUSED: dict[str, tuple[dict[str, str] | str | bytes, dict[str, str], int, str, str]] = {
    "R03 offline_access": (form(scope="cosmos offline_access"), {}, 400, "invalid_scope", "scope"),
    "R05 unknown scope": (form(scope="other"), {}, 400, "invalid_scope", "scope"),
    "R06 long scope": (form(scope="cosmos " * 50), {}, 400, "invalid_scope", "scope"),
    "R09 json": ("{}", {"content_type": "application/json"}, 400, "invalid_request", "Content-Type"),
    "R09 multipart": ("", {"content_type": "multipart/form-data; boundary=x"}, 400, "invalid_request", "Content-Type"),
    "R13 empty body": ("", {}, 400, "invalid_request", "body"),
    "R14 no grant_type": (form(grant_type=None), {}, 400, "invalid_request", "grant_type"),
    "R17 no client_id": (form(client_id=None), {}, 400, "invalid_client", "client_id"),
    "R19 id in basic alone": (form(client_id=None), {"authorization": BASIC_ID}, 401, "invalid_client", "client_id"),
    "R21 two ids": (form(client_id="other"), {"authorization": BASIC_ID}, 400, "invalid_request", "client_id"),
    "R22 secret in basic": (form(), {"authorization": BASIC_SECRET}, 401, "invalid_client", "client_secret"),
    "R23 malformed basic": (form(), {"authorization": "Basic ?"}, 400, "invalid_request", "Authorization"),
    "R23 basic without a value": (form(), {"authorization": "Basic"}, 400, "invalid_request", "Authorization"),
    "R24 user in basic": (form(), {"authorization": basic("svc-user", "x")}, 401, "invalid_client", "username"),
    "R24 user, encoded": (form(), {"authorization": basic("svc%2Duser", "x")}, 401, "invalid_client", "username"),
    "R25 secret": (form(client_secret="x"), {}, 400, "invalid_client", "client_secret"),
    "R27 long secret": (form(client_secret=LONG), {}, 400, "invalid_client", "client_secret"),
    "R28 audience": (form(audience="https://api.example"), {}, 400, "invalid_request", "audience"),
    "R28 empty audience": (form(audience=""), {}, 400, "invalid_request", "audience"),
    "R31 no username": (form(username=None), {}, 400, "invalid_request", "username"),
    "R32 no password": (form(password=None), {}, 400, "invalid_request", "password"),
    "R35 repeated": (GOOD + "&grant_type=password", {}, 400, "invalid_request", "grant_type"),
    "R37 broken escape": (GOOD.replace("a+b", "%zz"), {}, 400, "invalid_request", "password"),
    "R38 not utf-8": (GOOD.replace("%C3%A9", "%E9"), {}, 400, "invalid_request", "password"),
    "R38 unknown name": (GOOD.encode() + b"&\xff=1", {}, 400, "invalid_request", "body"),
    "R41 gzip": (form(), {"content_encoding": "gzip"}, 415, "invalid_request", "Content-Encoding"),
    "R43 no refresh_token": ({"grant_type": "refresh_token", **CLIENT}, {}, 400, "invalid_request", "refresh_token"),
}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(("body", "headers", "status", "code", "field"), REFUSED.values(), ids=REFUSED)
def test_refused(
    flavour: Flavour, body: bytes | str | dict[str, str], headers: dict[str, str], status: int, code: str, field: str
) -> None:
    """What the article forbids is refused, and the description begins with the field."""
    answer = post(flavoured(flavour, Mode.REJECT), body, **headers)
    read = members(answer)
    assert (answer.status, read["error"]) == (status, code)
    assert str(read["error_description"]).startswith(f"{field}: ")
    assert answer.headers.get("www-authenticate") == ("Basic" if status == 401 else None)


# The product's own refusals, in its own words.
LEFT_ALONE = {
    "R15 unknown grant": (form(grant_type="magic"), "unsupported_grant_type"),
    "R16 other grant": (form(grant_type="client_credentials"), "unauthorized_client"),
    "R18 unknown client": (form(client_id="other"), "invalid_client"),
    "R33 wrong password": (form(password="wrong"), "invalid_grant"),
    "R34 long password": (form(password=LONG), "invalid_grant"),
}


@pytest.mark.parametrize(("body", "code"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_refused_as_the_product_does(body: dict[str, str], code: str) -> None:
    """What the product refuses by itself it refuses as ever."""
    answer = post(fake(mode=Mode.REJECT), body)
    assert (answer.status, members(answer)["error"]) == (400, code)


ACCEPTED = {
    "R01 no scope": (form(), {}),
    "R02 cosmos": (form(scope="cosmos"), {}),
    "R04 blank scope": (form(scope=" "), {}),
    "R10 charset": (form(), {"content_type": "application/x-www-form-urlencoded; charset=utf-8"}),
    "R20 basic beside body id": (form(), {"authorization": BASIC_ID}),
    "R20 basic, encoded": (form(), {"authorization": basic("external%2Ecustomer", "")}),
    "R26 empty client_secret": (form(client_secret=""), {}),
    "R29 resource": (form(resource="urn:x"), {}),
    "R29 no URI": (form(resource="api"), {}),
    "R30 foreign parameter": (form(realm="x"), {}),
    "R36 names in other case": ({name.title(): value for name, value in form().items()}, {}),
    "R47 bearer header": (form(), {"authorization": "Bearer x"}),
}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(("body", "headers"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(flavour: Flavour, body: dict[str, str], headers: dict[str, str]) -> None:
    """What the article leaves open is accepted."""
    assert post(flavoured(flavour, Mode.REJECT), body, **headers).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_other_methods(method: str) -> None:
    """R07: the answer says which method is allowed; R08: OPTIONS stays an invalid request."""
    idp = fake(mode=Mode.REJECT)
    answer = get(idp, PATH, method)
    assert (answer.status, answer.headers.get("allow")) == (405, "POST")
    asked = get(idp, PATH, "OPTIONS")
    assert (asked.status, members(asked)["error_description"]) == (400, "method: send POST")


@pytest.mark.parametrize("body", [GOOD, ""], ids=["R12 beside a whole form", "R11 alone"])
def test_fields_in_the_query(body: str) -> None:
    """Fields in the query are refused, the first by name is named; a foreign name is left alone."""
    answer = post(fake(mode=Mode.REJECT), body, f"{PATH}?x=1&password=p&client_secret=s")
    assert str(members(answer)["error_description"]).startswith("client_secret: send it in the body")
    assert post(fake(mode=Mode.REJECT), GOOD, f"{PATH}?x=1").status == 200


@pytest.mark.parametrize(
    ("scope", "status"), [("", 200), ("cosmos", 200), ("cosmos offline_access", 200), ("cosmos openid", 400)]
)
def test_scope_on_refresh(scope: str, status: int) -> None:
    """R46: on refresh what was granted may be asked for again, and nothing wider."""
    idp = fake(mode=Mode.REJECT)
    answer = refresh(idp, sign_in(idp)["refresh_token"], scope=scope)
    assert answer.status == status
    assert status == 200 or members(answer)["error"] == "invalid_scope"


def test_scope_on_refresh_of_nothing() -> None:
    """R44: an unknown refresh token is an invalid grant, whatever the scope."""
    assert members(refresh(fake(mode=Mode.REJECT), "AB", scope="other"))["error"] == "invalid_grant"


def test_descriptions_are_legal() -> None:
    """Descriptions keep to the characters that RFC 6749 5.2 allows, and never repeat what the peer sent."""
    for body, headers, *_ in REFUSED.values():
        text = str(members(post(fake(mode=Mode.REJECT), body, **headers))["error_description"])
        assert all(" " <= char <= "~" and char not in '"\\' for char in text)


def test_absolute_target() -> None:
    """The query of an absolute target counts too."""
    headers = Headers.of({"content-type": "application/x-www-form-urlencoded"})
    target = f"http://www.blastiq.com{PATH}?username=x"
    request = Request(method="POST", target=target, headers=headers, body=GOOD.encode())
    assert fake(mode=Mode.REJECT).handle(request).status == 400
