"""The token endpoint, a row for each request of requirements §5 and each flavour: the answer's exact bytes."""

import gzip

import pytest

from fake_idp.oidc.form import BODY_LIMIT
from fake_idp.server_config import Flavour, Mode
from tests.fake_idp.calls import (
    CLIENT,
    FLAVOURS,
    GOOD,
    basic,
    error,
    fake,
    flavoured,
    form,
    get,
    members,
    post,
)

BASIC_ID = basic("external.customer", "")
BASIC_SECRET = basic("external.customer", "secret")
LONG = "x" * 101
WRONG = error("invalid_grant", "invalid_username_or_password")
RENEW = {"grant_type": "refresh_token", **CLIENT}

# What every flavour refuses alike: the request, and the error.
REFUSED: dict[str, tuple[dict[str, str] | bytes, dict[str, str], bytes]] = {
    "R05 unknown scope": (form(scope="cosmos other"), {}, error("invalid_scope")),
    "R05 scope in other case": (form(scope="Cosmos"), {}, error("invalid_scope")),
    "R05 scopes by comma": (form(scope="cosmos,offline_access"), {}, error("invalid_scope")),
    "R05 before credentials": (form(scope="other", password="wrong"), {}, error("invalid_scope")),
    "R06 long scope": (form(scope="cosmos " * 50), {}, error("invalid_scope")),
    "R09 json": (b"{}", {"content_type": "application/json"}, error("invalid_request")),
    "R09 no media type": (form(), {"content_type": ""}, error("invalid_request")),
    "R09 text": (form(), {"content_type": "text/plain"}, error("invalid_request")),
    "R14 no grant_type": (form(grant_type=None), {}, error("unsupported_grant_type")),
    "R14 blank grant_type": (form(grant_type=" "), {}, error("unsupported_grant_type")),
    "R15 unknown": (form(grant_type="magic"), {}, error("unsupported_grant_type")),
    "R15 other case": (form(grant_type="Password"), {}, error("unsupported_grant_type")),
    "R15 long": (form(grant_type=LONG), {}, error("unsupported_grant_type")),
    "R14 before R29": (form(grant_type=None, resource="api"), {}, error("unsupported_grant_type")),
    "R15 long before R29": (form(grant_type=LONG, resource="api"), {}, error("unsupported_grant_type")),
    "R16 client_credentials": (form(grant_type="client_credentials"), {}, error("unauthorized_client")),
    "R16 code": (form(grant_type="authorization_code"), {}, error("unauthorized_client")),
    "R18 unknown client": (form(client_id="other"), {}, error("invalid_client")),
    "R18 client in other case": (form(client_id="External.Customer"), {}, error("invalid_client")),
    "R24 user in basic": (form(client_id=None), {"authorization": basic("svc-user", "x")}, error("invalid_client")),
    "R31 no username": (form(username=None), {}, error("invalid_grant")),
    "R31 blank username": (form(username=" "), {}, error("invalid_grant")),
    "R33 wrong password": (form(password="wrong"), {}, WRONG),
    "R33 password in other case": (form(password="A B+C&D=É"), {}, WRONG),
    "R33 unknown user": (form(username="nobody"), {}, WRONG),
    "R33 locked user": (form(username="locked", password="right"), {}, WRONG),
    "R34 long username": (form(username=LONG), {}, error("invalid_grant")),
    "R34 long for .NET, which counts a character beyond U+FFFF twice": (
        form(username="\U0001f525" * 51),
        {},
        error("invalid_grant"),
    ),
    "R34 long password": (form(password=LONG), {}, error("invalid_grant")),
    "R37 broken escape": (GOOD.replace("a+b", "%zz").encode(), {}, WRONG),
    "R38 not utf-8": (GOOD.replace("%C3%A9", "%E9").encode(), {}, WRONG),
    "R43 no refresh_token": (RENEW, {}, error("invalid_request")),
    "R44 unknown refresh_token": ({"refresh_token": "AB", **RENEW}, {}, error("invalid_grant")),
    "R44 long refresh_token": ({"refresh_token": LONG, **RENEW}, {}, error("invalid_grant")),
}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(("body", "headers", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused_by_every_flavour(
    flavour: Flavour, body: bytes | dict[str, str], headers: dict[str, str], expected: bytes
) -> None:
    """What all products refuse they refuse in the same bytes, with the headers of every token answer."""
    answer = post(flavoured(flavour), body, **headers)
    assert (answer.status, answer.body) == (400, expected)
    assert answer.headers.raw == (
        ("Content-Type", "application/json; charset=UTF-8"),
        ("Cache-Control", "no-store, no-cache, max-age=0"),
        ("Pragma", "no-cache"),
    )


ACCEPTED = {
    "R01 no scope": (form(), {}),
    "R03 offline_access too": (form(scope="cosmos offline_access"), {}),
    "R10 charset": (form(), {"content_type": "application/x-www-form-urlencoded; charset=UTF-8"}),
    "R10 odd case": (form(), {"content_type": "Application/X-WWW-Form-URLEncoded"}),
    "R20 basic beside body id": (form(), {"authorization": BASIC_ID}),
    "R22 basic with secret": (form(client_id=None), {"authorization": BASIC_SECRET}),
    "R23 malformed basic": (form(), {"authorization": "Basic ???"}),
    "R23 basic without colon": (form(), {"authorization": "Basic YWJj"}),
    "R25 client_secret": (form(client_secret="x"), {}),
    "R26 empty client_secret": (form(client_secret=""), {}),
    "R28 audience": (form(audience="https://api.example"), {}),
    "R30 foreign parameter": (form(realm="x"), {}),
    "R41 a coding that is none": (form(), {"content_encoding": "gzip"}),
    "R36 names in other case": ({name.title(): value for name, value in form().items()}, {}),
    "R47 bearer header": (form(), {"authorization": "Bearer x"}),
    "username in other case": (form(username="SVC-User"), {}),
}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(("body", "headers"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted_by_every_flavour(flavour: Flavour, body: dict[str, str], headers: dict[str, str]) -> None:
    """What the article forbids and the product ignores is accepted in mode mimic."""
    assert post(flavoured(flavour), body, **headers).status == 200


NO_CLIENT = (error("invalid_client"), error("invalid_client"), error("invalid_request"))
NO_PASSWORD = (WRONG, error("invalid_grant"), WRONG)


def duende_alone(code: str, description: str = "") -> tuple[None, None, bytes]:
    return (None, None, error(code, description))


# What the flavours answer differently: is4, is4-v2 and duende; None is a success.
UNALIKE: dict[str, tuple[dict[str, str] | str | bytes, dict[str, str], tuple[bytes | None, ...]]] = {
    "R11, R13 empty body": ("", {}, NO_CLIENT),
    "R17 no client_id": (form(client_id=None), {}, NO_CLIENT),
    "R18 long client_id": (form(client_id=LONG), {}, NO_CLIENT),
    "R19 id in basic alone": (form(client_id=None), {"authorization": BASIC_ID}, (None, None, None)),
    "R27 long secret": (form(client_secret=LONG), {}, NO_CLIENT),
    "R22 basic with a secret that is long as it was sent": (
        form(client_id=None),
        {"authorization": basic("external.customer", "%41" * 100)},
        (error("invalid_client"), error("invalid_client"), None),
    ),
    "R45 refresh without client_id": ({"grant_type": "refresh_token", "refresh_token": "AB"}, {}, NO_CLIENT),
    "R29 resource": (form(resource="urn:x"), {}, duende_alone("invalid_target")),
    "R29 no URI": (form(resource="api"), {}, duende_alone("invalid_target", "Invalid resource indicator format")),
    "R29 long resource": (
        form(resource="urn:" + "x" * 512),
        {},
        duende_alone("invalid_target", "Resource indicator maximum length exceeded"),
    ),
    "R29 resource twice": (
        GOOD + "&resource=urn:a&resource=urn:b",
        {},
        duende_alone("invalid_target", "Multiple resource indicators not supported on token endpoint."),
    ),
    "R32 no password": (form(password=None), {}, NO_PASSWORD),
    "R32 blank password": (form(password=" "), {}, NO_PASSWORD),
    "R35 grant_type twice": (GOOD + "&grant_type=password", {}, duende_alone("unsupported_grant_type")),
    "R35 client_id twice": (GOOD + "&client_id=other", {}, (None, None, None)),
    "R35 client_id twice, first blank": ("client_id=+&" + GOOD, {}, NO_CLIENT),
    "R22 other id in basic": (GOOD, {"authorization": basic("other", "")}, (None, error("invalid_client"), None)),
    "R35 scope twice, one blank": ("scope=&scope=other&" + GOOD, {}, duende_alone("invalid_scope")),
    "R29 no URI, unknown grant": (
        form(resource="https://", grant_type="magic"),
        {},
        (*[error("unsupported_grant_type")] * 2, error("invalid_target", "Invalid resource indicator format")),
    ),
    "R29 no form of a URI": (
        form(resource="urn:a b"),
        {},
        duende_alone("invalid_target", "Invalid resource indicator format"),
    ),
    "R29 resource for a device": (
        form(resource="urn:a", grant_type="urn:ietf:params:oauth:grant-type:device_code"),
        {},
        (*[error("unauthorized_client")] * 2, error("invalid_target")),
    ),
    "R41 gzip": (gzip.compress(GOOD.encode()), {"content_encoding": "gzip"}, NO_CLIENT),
    "R23 basic too much padded": (
        form(client_id=None),
        {"authorization": BASIC_ID + "="},
        NO_CLIENT,
    ),
    "R19 basic with blanks": (form(client_id=None), {"authorization": "Basic " + " ".join(BASIC_ID[6:])}, (None,) * 3),
    "R16 ciba": (
        form(grant_type="urn:openid:params:grant-type:ciba"),
        {},
        (error("unsupported_grant_type"), error("unsupported_grant_type"), error("unauthorized_client")),
    ),
}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize(("body", "headers", "answers"), UNALIKE.values(), ids=UNALIKE)
def test_where_flavours_differ(
    flavour: Flavour, body: str | bytes | dict[str, str], headers: dict[str, str], answers: tuple[bytes | None, ...]
) -> None:
    """Where the products differ each flavour answers as its own."""
    answer, expected = post(flavoured(flavour), body, **headers), answers[FLAVOURS.index(flavour)]
    assert answer.status == (200 if expected is None else 400)
    assert expected in {None, answer.body}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_other_methods(flavour: Flavour, method: str) -> None:
    """R07: any method but POST is an invalid request; HEAD gets no body."""
    answer = get(flavoured(flavour), "/identity/connect/token", method)
    assert (answer.status, answer.body) == (400, b"" if method == "HEAD" else error("invalid_request"))


def test_query_is_not_read() -> None:
    """R12: what stands in the query is ignored where the form is whole."""
    answer = post(fake(), form(), "/identity/connect/token?password=other&client_secret=x")
    assert answer.status == 200


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_beyond_the_limit(flavour: Flavour) -> None:
    """R39: a form that is too long is refused and the connection closed: Duende catches no error of the web server."""
    answer = post(flavoured(flavour), b"a" * (BODY_LIMIT + 1))
    assert (answer.status, answer.body, answer.headers.get("connection")) == (413, b"", "close")


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_only_fields_are_counted(flavour: Flavour) -> None:
    """Row 1 comes before the limits: what is not a form has no fields to count."""
    answer = post(flavoured(flavour), b"&" * 2000, content_type="application/json")
    assert (answer.status, answer.body) == (400, error("invalid_request"))


def test_success_bytes() -> None:
    """R01: members in the product's order, on one line, without spaces."""
    answer = post(fake(), form())
    read = members(answer)
    assert list(read) == ["access_token", "expires_in", "token_type", "refresh_token", "scope"]
    assert (
        answer.body
        == (
            f'{{"access_token":"{read["access_token"]}","expires_in":3600,"token_type":"Bearer",'
            f'"refresh_token":"{read["refresh_token"]}","scope":"cosmos offline_access"}}'
        ).encode()
    )


def test_mode_is_mimic_by_default() -> None:
    """Nothing is refused unless asked for (D14)."""
    assert fake().config.mode is Mode.MIMIC
