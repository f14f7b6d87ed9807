"""Reading a request in one piece and in several: h11 decides in both, and they agree."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_idp.http.reader import RequestReader
from fake_idp.wire import Request

HOST = b"Host: a"
FIELDS = st.sampled_from(
    [
        HOST,
        b"host:b",
        b"Content-Length: 3",
        b"content-length: 0",
        b"Content-Length: 3, 3",
        b"Content-Length: +3",
        b"Content-Length: 60",
        b"Transfer-Encoding: chunked",
        b"Expect: 100-continue",
        b"Upgrade: h2c",
        b"Connection: close",
        b"X: a b\t",
        b"X:",
        b" folded",
        b"No colon",
        b"Sp ace: 1",
        b"X: \xff\x00",
        b"",
    ]
)
FIRST_LINES = st.sampled_from(
    [
        b"POST /t HTTP/1.1",
        b"GET /t?q=1 HTTP/1.0",
        b"CONNECT a:1 HTTP/1.1",
        b"get http://a/t HTTP/1.1",
        b"GET /\xc3\xa4 HTTP/1.1",
        b"GET  /t HTTP/1.1",
        b"PRI * HTTP/2.0",
        b"GET /t HTTP/1.2",
        b"nonsense",
    ]
)
ENDS = st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n"])
BODIES = st.sampled_from(
    [b"", b"abc", b"abcGET / HTTP/1.1\r\nHost: a\r\n\r\n", b"3\r\nabc\r\n0\r\n\r\n", b"x\n\ny\r\n\r\n"]
)


def reader(*, head_limit: int = 4096, body_limit: int = 50) -> RequestReader:
    """Give a reader that waits for a request."""
    return RequestReader(scheme="http", head_limit=head_limit, body_limit=body_limit)


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    """Give what might be a request."""
    lines = [draw(FIRST_LINES), HOST, *draw(st.lists(FIELDS, max_size=4))]
    return b"".join(line + draw(ENDS) for line in lines) + draw(ENDS) + draw(BODIES)


@given(messages())
def test_a_request_in_one_piece_is_read_as_in_two(data: bytes) -> None:
    """The short way for whole requests gives what h11 gives bit by bit, or leaves the request to it."""
    whole = reader().feed(data)
    pieces = reader()
    first = pieces.feed(data[:1])
    assert (first or pieces.feed(data[1:])) == whole


@pytest.mark.parametrize(
    ("head_limit", "body_limit", "whole"),
    [(4096, 50, True), (4096, 4, True), (4096, 3, False), (45, 50, True), (44, 50, False)],
)
def test_limits_hold_for_a_request_in_one_piece(head_limit: int, body_limit: int, *, whole: bool) -> None:
    """A head or a body that is too long is refused or cut, however it comes."""
    data = b"POST / HTTP/1.1\r\nHost:a\r\nContent-Length:3\r\n\r\nabc"
    received = reader(head_limit=head_limit, body_limit=body_limit).feed(data)
    assert received is not None
    assert received.whole is whole


@pytest.mark.parametrize(("limit", "whole"), [(49, True), (48, False)])
def test_a_head_that_h11_reads_has_the_same_limit(limit: int, *, whole: bool) -> None:
    """Whatever follows it in the same packet is not counted."""
    head = b"POST / HTTP/1.1\r\nHost:a\r\nTransfer-Encoding:chunked\r\n\r\n"
    received = reader(head_limit=limit + len(head) - 49).feed(head + b"3\r\nabc\r\n0\r\n\r\n")
    assert received is not None
    assert received.whole is whole


def test_what_follows_a_request_is_handed_back() -> None:
    """Pipelined requests are read one after the other by one reader, and none of their bytes is lost."""
    one = b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n"
    reading, data, targets = reader(), one % 1 + one % 2 + one % 1 + b"GET", []
    while (received := reading.feed(data)) is not None:
        assert received.request is not None
        targets.append(received.request.target)
        data = received.rest
    assert targets == ["/1", "/2", "/1"]
    assert bytes(reading.head) == b"GET"


def test_the_same_request_is_the_same_object() -> None:
    """A request that comes again has been parsed already; another body or scheme makes another request."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"

    def read(body: bytes, scheme: str = "http") -> Request:
        received = RequestReader(scheme=scheme, head_limit=4096, body_limit=50).feed(head + body)
        assert received is not None
        assert received.request is not None
        return received.request

    first = read(b"abc")
    assert read(b"abc") is first
    assert (read(b"xyz").body, read(b"abc", "https").scheme) == (b"xyz", "https")


def test_a_request_has_begun_with_its_first_byte() -> None:
    """Whoever waits for the rest of it is not idle; empty lines before it are nothing yet."""
    reading, seen = reader(), []
    for piece in (b"\r\n", b"P", b"OST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n", b"ab"):
        reading.feed(piece)
        seen.append((reading.begun, reading.in_body))
    assert seen == [(False, False), (True, False), (True, True), (True, True)]


@given(st.lists(st.integers(1, 3_000), max_size=8), st.lists(st.integers(1, 20_000), min_size=1))
def test_what_was_sent_ahead_waits_in_order(bodies: list[int], sizes: list[int]) -> None:
    """However it arrives, and however much of it is there already: nothing is lost, and nothing changes places."""
    sent = b"".join(b"POST /%d HTTP/1.1\r\n%b\r\nContent-Length: %d\r\n\r\n" % (n, HOST, n) + b"x" * n for n in bodies)
    waiting, reading, paths = bytearray(), reader(body_limit=4_000), list[str]()
    for start, size in zip(accumulate(sizes, initial=0), (*sizes, len(sent)), strict=True):
        waiting += sent[start : start + size]
        while waiting:
            if received := reading.take(waiting):
                assert received.request is not None
                assert len(received.request.body) == int(received.request.path[1:])
                paths.append(received.request.path)
                reading = reader(body_limit=4_000)
    assert paths == [f"/{n}" for n in bodies]
