"""Redaction: no form of a secret survives, placeholders keep equality, all else stays as it was."""

import base64
from dataclasses import dataclass

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from fake_idp.oidc.attended.pages import hand_over
from fake_idp.secrets.redact import PLACEHOLDER, Redactor, Secret, basic, encodings, find, secrets_of
from fake_idp.wire import Headers, Request, Response

FORM = "application/x-www-form-urlencoded"
characters = st.characters(exclude_categories=["Cs"])
values = st.text(characters, min_size=12, max_size=30)
prose = st.text(characters, max_size=20)


@dataclass
class Traffic:
    """What an exchange is to redaction."""

    request: Request
    response: Response | None = None


@given(values, values, prose, prose)
def test_no_form_of_a_secret_survives(one: str, two: str, before: str, after: str) -> None:
    """Whatever encoded it and whatever stands beside it; twelve characters of it are too many."""
    secrets = [Secret("password", one), Secret("access_token", two)]
    redactor = Redactor(secrets)
    for form in encodings(one) | encodings(two) | {one[:12]}:
        text = redactor.text(f"{before} {form} {after}")
        assert find(PLACEHOLDER.sub("\n", text), secrets) == []
        assert "<password:1>" in text or "<access_token:1>" in text


@given(prose, values)
def test_a_text_without_secrets_is_unchanged(text: str, value: str) -> None:
    """Only secrets are replaced."""
    assume(not find(text, [Secret("password", value)]))
    assert Redactor([Secret("password", value)]).text(text) == text


@given(st.lists(values, min_size=1, max_size=3, unique=True), st.lists(st.integers(0, 2), max_size=6))
@example(["000000000000", "ACCESS_TOKEN"], [0, 1])
def test_redacting_twice_changes_nothing(secrets: list[str], order: list[int]) -> None:
    """A placeholder is not a secret, even beside another."""
    redactor = Redactor(Secret("password", value) for value in secrets)
    once = redactor.text("".join(secrets[index % len(secrets)] for index in order))
    assert redactor.text(once) == once


def test_equal_values_equal_placeholders() -> None:
    """Numbers count per kind, in the order given; the same value has the same number in every form."""
    redactor = Redactor(
        [
            Secret("password", "first-password"),
            Secret("username", "the-username"),
            Secret("password", "second%password"),
        ]
    )
    text = redactor.text("second%25password first-password the-username Zmlyc3QtcGFzc3dvcmQ= second%password")
    assert text == "<password:2> <password:1> <username:1> <password:1> <password:2>"
    assert redactor.placeholder("first-password") == "<password:1>"
    assert redactor.placeholder("no secret") == "no secret"


def test_a_placeholder_keeps_its_number() -> None:
    """A recording that was redacted before is redacted further, and no number means two values."""
    redactor = Redactor([Secret("password", "<password:1>"), Secret("password", "hunter2-hunter2")])
    assert redactor.text("<password:1> hunter2-hunter2") == "<password:1> <password:2>"


def test_a_secret_that_a_placeholder_contains_leaves_it_whole() -> None:
    """A password like `word:1` must not break the placeholders of others."""
    assert Redactor([Secret("password", "word:1")]).text("<password:1> word:1") == "<password:1> <password:1>"


def test_overlapping_secrets_leave_nothing() -> None:
    """Both are named, and neither end stays."""
    redactor = Redactor([Secret("password", "abcdefghijklmnop"), Secret("access_token", "mnopqrstuvwxyz01")])
    assert redactor.text("abcdefghijklmnopqrstuvwxyz01") == "<password:1><access_token:1>"


def test_credentials_of_a_basic_header_are_one_secret() -> None:
    """The header's value goes as a whole."""
    secret = basic("user", "first-password")
    redactor = Redactor([Secret("password", "first-password"), secret])
    assert secret.value == base64.b64encode(b"user:first-password").decode()
    assert redactor.text(f"Basic {secret.value}") == "Basic <basic:1>"


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
