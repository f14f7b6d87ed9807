"""Messages as values: nothing that was sent gets lost, and no view ever raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_idp.wire import FORM, Headers, Pair, Request, Response, parse_pairs

HEADERS = Headers((("Set-Cookie", "a"), ("X", "1"), ("set-cookie", "b")))


def test_headers() -> None:
    """Order, spelling and repeats are kept; names are found in any case."""
    assert list(HEADERS) == [("Set-Cookie", "a"), ("X", "1"), ("set-cookie", "b")]
    assert (HEADERS.get("SET-COOKIE"), HEADERS.get_all("Set-cookie")) == ("a", ["a", "b"])
    assert (HEADERS.get("y"), HEADERS.get("y", "z"), HEADERS.get_all("y")) == (None, "z", [])
    assert ("x" in HEADERS, "y" in HEADERS, 1 in HEADERS) == (True, False, False)
    assert Headers.of({"a": "b"}) == Headers((("a", "b"),))


PAIRS = [
    (b"", []),
    (b"a=1&a=2&b=", [("a", "1", False), ("a", "2", False), ("b", "", False)]),
    (b"client_secret", [("client_secret", "", True)]),
    (b"a=b=c&=x&&", [("a", "b=c", False), ("", "x", False)]),
    (b"a=x+y%20z%2B", [("a", "x y z+", False)]),
    (b"a+b=c+d", [("a b", "c d", False)]),
    (b"a=%zz%4", [("a", "%zz%4", False)]),
    (b"a=%E9&b=\xe9", [("a", "\ufffd", False), ("b", "\ufffd", False)]),
    (b"a=\xc3\xa9&b=\xc3", [("a", "é", False), ("b", "\ufffd", False)]),
    (b"a=%26%3D&b", [("a", "&=", False), ("b", "", True)]),
]


@pytest.mark.parametrize(("data", "expected"), PAIRS)
def test_parse_pairs(data: bytes, expected: list[tuple[str, str, bool]]) -> None:
    """Forms are read by the URL Living Standard: N3, N5."""
    assert [(pair.name, pair.value, pair.bare) for pair in parse_pairs(data)] == expected


@given(data=st.binary())
def test_parse_any_bytes(data: bytes) -> None:
    """No bytes are lost but empty pairs, and both ways of decoding agree."""
    pairs = parse_pairs(data)
    assert b"&".join(pair.raw for pair in pairs) == b"&".join(raw for raw in data.split(b"&") if raw)
    assert pairs == parse_pairs(data + b"&%41=1")[:-1]


@pytest.mark.parametrize(
    ("target", "path", "query", "host", "origin"),
    [
        ("/a/b?c=d?e#f", "/a/b", "c=d?e#f", "h:1", "https://h:1"),
        ("/a#f", "/a#f", "", "h:1", "https://h:1"),
        ("HTTP://u@k:2/a?b", "/a", "b", "k:2", "http://k:2"),
        ("http://k", "/", "", "k", "http://k"),
        ("http://k?b=/", "/", "b=/", "k", "http://k"),
        ("/a?next=http://k/", "/a", "next=http://k/", "h:1", "https://h:1"),
        ("*", "*", "", "h:1", "https://h:1"),
        ("", "", "", "h:1", "https://h:1"),
    ],
)
def test_target(target: str, path: str, query: str, host: str, origin: str) -> None:
    """The parts of a target as sent, in origin form and absolute form."""
    request = Request(method="GET", target=target, headers=Headers.of({"Host": "h:1"}), scheme="https")
    assert (request.path, request.query_string, request.host, request.origin) == (path, query, host, origin)
    assert request.url == origin + path


def test_no_host() -> None:
    """A request without a host has an empty one."""
    assert Request(method="GET", target="/").host == ""


def test_query() -> None:
    """The query's pairs are decoded like a form's, 8-bit bytes too."""
    assert Request(method="GET", target="/?a=%C3%A9&b=\xe9").query == (
        Pair("a", "é", b"a=%C3%A9", bare=False),
        Pair("b", "\ufffd", b"b=\xe9", bare=False),
    )


@pytest.mark.parametrize(
    ("content_type", "media_type", "fields"),
    [
        (None, None, 0),
        (FORM.upper() + "; charset=x", FORM, 1),
        ("application/json", "application/json", 0),
        ("", "", 0),
    ],
)
def test_form(content_type: str | None, media_type: str | None, fields: int) -> None:
    """Only a form has form fields, its media type in any case and with any parameters: N2."""
    headers = Headers() if content_type is None else Headers.of({"content-type": content_type})
    request = Request(method="POST", target="/", headers=headers, body=b"a=1")
    assert (request.media_type, len(request.form)) == (media_type, fields)


@pytest.mark.parametrize(
    ("body", "value"), [(b'{"a":1}', {"a": 1}), (b"", None), (b"{", None), (b"\xff", None), (b"[" * 100_000, None)]
)
def test_json(body: bytes, value: object) -> None:
    """A body is read as JSON whatever it is called, and is None where it is none."""
    assert Request(method="POST", target="/", body=body).json == value
    assert Response(status=200, body=body).json == value


def test_views_are_computed_once() -> None:
    """A view is remembered; equality looks at what was sent alone."""
    first, second = (Request(method="POST", target="/", body=b"{}") for _ in range(2))
    assert first.json is first.json
    assert first == second
    assert Response(status=200, headers=HEADERS).headers.media_type is None
    assert Request.json.__doc__
