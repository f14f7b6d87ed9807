"""Cross-origin requests: who may read answers, the preflight, and the header on the answer itself."""

import pytest

from fake_idp.oidc.cors import parse_origin
from fake_idp.wire import Response
from tests.fake_idp.calls import fake, form, get, post

TOKEN = "/identity/connect/token"
ORIGIN = "https://app.example"
ALLOWED = frozenset({ORIGIN})
PREFLIGHT = {"origin": ORIGIN, "access_control_request_method": "POST"}


def readable(answer: Response) -> str | None:
    return answer.headers.get("access-control-allow-origin")


@pytest.mark.parametrize("path", [TOKEN, "/identity/.well-known/openid-configuration", "/api/x"])
def test_preflight(path: str) -> None:
    """R08: an origin that the client is registered with may do what it asks for."""
    asked = {**PREFLIGHT, "access_control_request_headers": "content-type, x-a ,"}
    answer = get(fake(allow_origins=ALLOWED), path, "OPTIONS", **asked)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers.raw == (
        ("Access-Control-Allow-Origin", ORIGIN),
        ("Access-Control-Allow-Headers", "content-type,x-a"),
        ("Access-Control-Allow-Methods", "POST"),
    )


def test_preflight_without_headers() -> None:
    """What was not asked for is not allowed."""
    answer = get(fake(allow_origins=ALLOWED), TOKEN, "OPTIONS", **PREFLIGHT)
    assert "access-control-allow-headers" not in answer.headers


@pytest.mark.parametrize("name", PREFLIGHT)
def test_no_preflight(name: str) -> None:
    """R08: OPTIONS without both headers is an invalid request."""
    answer = get(fake(allow_origins=ALLOWED), TOKEN, "OPTIONS", **{**PREFLIGHT, name: ""})
    assert answer.status == 400


def test_nobody_may_by_default() -> None:
    """As where the client is registered without origins: a preflight is an OPTIONS like any other."""
    idp = fake()
    preflight = get(idp, TOKEN, "OPTIONS", **PREFLIGHT)
    assert (preflight.status, readable(preflight)) == (400, None)
    assert readable(post(idp, form(), origin=ORIGIN)) is None


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://127.0.0.1:49152", True),
        ("https://app.mine.example", True),
        ("http://app.mine.example", False),
        ("null", False),
    ],
)
def test_where_people_sign_in(origin: str, *, allowed: bool) -> None:
    """The client is registered with the origin of its redirect address: with any that may be one."""
    assert readable(post(fake(attended=True), form(), origin=origin)) == (origin if allowed else None)


def test_preflight_of_nothing() -> None:
    """Where nothing stands, there is nothing to allow."""
    assert get(fake(allow_origins=ALLOWED), "/nowhere", "OPTIONS", **PREFLIGHT).status == 404


@pytest.mark.parametrize("path", ["connect/introspect", "connect/deviceauthorization", "connect/authorize"])
def test_not_every_endpoint_is_for_pages(path: str) -> None:
    """The product allows nobody to read those that no page has to do with."""
    answer = post(fake(allow_origins=ALLOWED), {}, f"/identity/{path}", origin=ORIGIN)
    assert readable(answer) is None


def test_answer_is_shared() -> None:
    """The answer to an allowed origin, good or bad, can be read by it, however it spells itself; by no other."""
    idp = fake(allow_origins=ALLOWED)
    for fields in (form(), form(password="wrong")):
        assert readable(post(idp, fields, origin=ORIGIN)) == ORIGIN
    assert readable(post(idp, form(), origin="HTTPS://app.example")) == "HTTPS://app.example"
    assert readable(post(idp, form(), origin="https://other.example")) is None
    assert readable(post(idp, form())) is None


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://App.Example", "https://app.example"),
        ("http://[::1]:5173", "http://[::1]:5173"),
        ("app://x", "app://x"),
    ],
)
def test_an_origin_is_read(given: str, origin: str) -> None:
    """Scheme, host and port, in lower case, as they are compared."""
    assert parse_origin(given) == origin


@pytest.mark.parametrize("given", ["", "null", "*", "app.example", "https://app.example/", "https://a b", "https://"])
def test_what_is_no_origin_is_refused(given: str) -> None:
    """With an example of one."""
    with pytest.raises(ValueError, match=r"such as https://app\.example"):
        parse_origin(given)


def test_origin_that_cannot_stand_in_a_header() -> None:
    """What could split the answer is not repeated."""
    assert readable(post(fake(attended=True), form(), origin="https://a\r\nb: c")) is None
