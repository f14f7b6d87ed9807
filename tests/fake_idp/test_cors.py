"""Cross-origin requests: the preflight, and the header on the answer itself."""

import pytest

from tests.fake_idp.calls import fake, form, get, post

TOKEN = "/identity/connect/token"
ORIGIN = "https://app.example"
PREFLIGHT = {"origin": ORIGIN, "access_control_request_method": "POST"}


@pytest.mark.parametrize("path", [TOKEN, "/identity/.well-known/openid-configuration", "/api/x"])
def test_preflight(path: str) -> None:
    """R08: any origin may do what it asks for."""
    answer = get(fake(), path, "OPTIONS", **PREFLIGHT, access_control_request_headers="content-type")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers.raw == (
        ("Access-Control-Allow-Origin", ORIGIN),
        ("Access-Control-Allow-Headers", "content-type"),
        ("Access-Control-Allow-Methods", "POST"),
    )


def test_preflight_without_headers() -> None:
    """What was not asked for is not allowed."""
    assert "access-control-allow-headers" not in get(fake(), TOKEN, "OPTIONS", **PREFLIGHT).headers


@pytest.mark.parametrize("name", PREFLIGHT)
def test_no_preflight(name: str) -> None:
    """R08: OPTIONS without both headers is an invalid request."""
    answer = get(fake(), TOKEN, "OPTIONS", **{**PREFLIGHT, name: ""})
    assert answer.status == 400


def test_preflight_of_nothing() -> None:
    """Where nothing stands, there is nothing to allow."""
    assert get(fake(), "/nowhere", "OPTIONS", **PREFLIGHT).status == 404


def test_answer_is_shared() -> None:
    """The answer to a cross-origin request, good or bad, can be read by the origin that asked."""
    for fields in (form(), form(password="wrong")):
        assert post(fake(), fields, origin=ORIGIN).headers.get("access-control-allow-origin") == ORIGIN
    assert "access-control-allow-origin" not in post(fake(), form()).headers


def test_origin_that_cannot_stand_in_a_header() -> None:
    """What could split the answer is not repeated."""
    assert "access-control-allow-origin" not in post(fake(), form(), origin="a\r\nb: c").headers
