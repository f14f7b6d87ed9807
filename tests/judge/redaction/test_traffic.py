"""Which secrets traffic carries."""

from dataclasses import dataclass

import pytest

from blastiq_conformance.secrets.traffic import secrets_of
from fake_idp.oidc.attended.pages import hand_over
from fake_idp.secrets.redact import Redactor
from fake_idp.wire import FORM, Headers, Request, Response


@dataclass
class Traffic:
    """A request and its response."""

    request: Request
    response: Response | None = None


def post(body: str, media_type: str = FORM, **headers: str) -> Request:
    fields = {"Content-Type": media_type, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Request(method="POST", target="/identity/connect/token", headers=Headers.of(fields), body=body.encode())


MULTIPART = '--b\r\nContent-Disposition: form-data; name="password"\r\nContent-Type: text/plain\r\n\r\np w\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("request_", "kinds"),
    [
        (
            post("grant_type=password&Username=u%40x&password=p+w&client_id=external.customer"),
            {("username", "u@x"), ("password", "p w")},
        ),
        (post('{"password": "p w", "scope": null}', "application/json"), {("password", "p w")}),
        (post("[1]", "application/json"), set()),
        (post("password=p+w", "text/plain"), {("password", "p w")}),
        (post(MULTIPART, "multipart/form-data; boundary=b"), {("password", "p w")}),
        (post("client_secret=undefined&refresh_token=&password=null"), set()),
        (post("refresh_token=r1&client_secret=s"), {("refresh_token", "r1"), ("client_secret", "s")}),
        (post("", Authorization="Bearer t1"), {("access_token", "t1")}),
        (post("", Authorization="t1"), {("access_token", "t1")}),
        (post("", Authorization="Basic ZXh0ZXJuYWwuY3VzdG9tZXI6"), set()),
        (post("", Authorization="Basic aWQ6cw=="), {("basic", "aWQ6cw=="), ("client_secret", "s")}),
        (
            post("username=id", Authorization="Basic aWQ6cw=="),
            {("username", "id"), ("basic", "aWQ6cw=="), ("password", "s")},
        ),
        (post("", Authorization="Basic ???"), {("basic", "???")}),
        (post("", Cookie="lang=en; session=0123456789"), {("cookie", "0123456789")}),
        (
            post("", Referer="https://u%40x:p@host/?password=p2"),
            {("username", "u@x"), ("password", "p"), ("password", "p2")},
        ),
        (Request(method="GET", target="/api?x=1&access_token=t1"), {("access_token", "t1")}),
    ],
)
def test_secrets_of_a_request(request_: Request, kinds: set[tuple[str, str]]) -> None:
    """Fields in every place, credentials in headers, cookies and URLs; never the client id."""
    assert {(secret.kind, secret.value) for secret in secrets_of(Traffic(request_))} == kinds


def test_secrets_of_a_response() -> None:
    """Tokens, and the cookies of a session."""
    response = Response(
        status=200,
        headers=Headers((("Set-Cookie", "idsrv=0123456789; path=/"), ("Date", "now"))),
        body=b'{"access_token": "t1", "expires_in": 3600, "refresh_token": "r1", "id_token": "i1"}',
    )
    found = secrets_of(Traffic(post(""), response))
    assert [(secret.kind, secret.value) for secret in found] == [
        ("access_token", "t1"),
        ("refresh_token", "r1"),
        ("id_token", "i1"),
        ("cookie", "0123456789"),
    ]


def test_secrets_of_a_page() -> None:
    """A form that hands a code to the client holds it, escaped; what a page says otherwise is none."""
    page = hand_over("https://app.mine.example/", {"code": "a&b", "state": "s"})
    assert [(secret.kind, secret.value) for secret in secrets_of(Traffic(post(""), page))] == [("code", "a&b")]


def test_a_value_that_is_no_utf8_is_known_by_its_bytes_too() -> None:
    """Raw or percent-encoded Latin-1: decoding loses what it was, and a search for what is left would miss it."""
    for body in (b"password=Zx9%FCreal", b"password=Zx9\xfcreal"):
        request = Request(method="POST", target="/", headers=Headers((("Content-Type", FORM),)), body=body)
        redactor = Redactor(secrets_of(Traffic(request)))
        assert "real" not in redactor.text("see Zx9%FCreal and Zx9\\xfcreal and Zx9\ufffdreal")
