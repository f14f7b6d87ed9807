"""What is read of heads that are not valid HTTP."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_idp.http.salvage import salvage, stand_in
from fake_idp.wire import Headers


@pytest.mark.parametrize(
    ("head", "method", "target", "version", "fields"),
    [
        pytest.param(b"GET /\xe9 HTTP/1.1", "GET", "/\xe9", "1.1", (), id="8-bit-target"),
        pytest.param(b"GET /a b  HTTP/1.0\nA:1", "GET", "/a b", "1.0", (("A", "1"),), id="spaces"),
        pytest.param(b"GET / HTTP/1.1\r\nno field\r\nA :  1 \r\n", "GET", "/", "1.1", (("A", "1"),), id="stray-line"),
        pytest.param(
            b"GET / HTTP/1.1\r\nA: 1\n2\r\nA:", "GET", "/", "1.1", (("A", "1\n2"), ("A", "")), id="broken-value"
        ),
    ],
)
def test_salvage(head: bytes, method: str, target: str, version: str, fields: tuple[tuple[str, str], ...]) -> None:
    """Method, target, version and fields are read as far as they can be told."""
    request = salvage(head, "https")
    assert request is not None
    assert (request.method, request.target, request.http_version, request.headers.raw, request.scheme) == (
        method,
        target,
        version,
        fields,
        "https",
    )


@given(st.binary(max_size=300))
def test_salvage_never_raises(head: bytes) -> None:
    """Any bytes are a request or none, and what stands in for a request is ASCII-safe HTTP."""
    request = salvage(head)
    if request is not None:
        assert stand_in(request).startswith(b"POST / HTTP/1.1\r\n")


def test_stand_in_keeps_the_framing_alone() -> None:
    """Only what frames the body is taken over."""
    request = salvage(b"GET / HTTP/1.1\r\nContent-Length: 3\r\nAuthorization: x\r\nExpect: 100-continue")
    assert request is not None
    assert request.headers == Headers((("Content-Length", "3"), ("Authorization", "x"), ("Expect", "100-continue")))
    assert stand_in(request) == (
        b"POST / HTTP/1.1\r\nHost: salvage\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    )
