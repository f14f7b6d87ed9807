"""How responses leave: framing, and each kind of misbehaving delivery over a real socket."""

import asyncio
import errno
import time
from collections.abc import Iterator

import pytest

from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.http.delivery import end_side, frame
from fake_idp.http.server import Server
from fake_idp.journal import Exchange
from fake_idp.wire import Delivery, Ending, Headers, Request, Response
from tests.fake_idp.peer import Served, get, post, serve

GET = Request(method="GET", target="/")
DATE = "Date: Thu, 01 Jan 1970 00:00:00 GMT"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def misbehaving(server: Server, delivery: Delivery, body: bytes = b"0123456789") -> Served:
    return serve(server, Fault(endpoint=Kind.DISCOVERY, body=body, delivery=delivery))


def lines(request: Request, response: Response) -> list[str]:
    return b"".join(frame(request, response, now=0.9).portions).decode("latin-1").split("\r\n")


def test_fields_stand_as_kestrel_writes_them() -> None:
    """Length, type, date and server come first, the fake's own fields after them, verbatim."""
    headers = Headers((("Cache-Control", "no-store"), ("Content-Type", "a/b"), ("x-ODD", "\xe9"), ("X-odd", "2")))

    assert lines(GET, Response(status=200, headers=headers, body=b"{}")) == [
        "HTTP/1.1 200 OK",
        "Content-Length: 2",
        "Content-Type: a/b",
        DATE,
        "Server: Kestrel",
        "Cache-Control: no-store",
        "x-ODD: \xe9",
        "X-odd: 2",
        "",
        "{}",
    ]


@pytest.mark.parametrize(
    ("request_", "response", "expected"),
    [
        pytest.param(GET, Response(status=404), ["Content-Length: 0", DATE, "Server: Kestrel", "", ""], id="empty"),
        pytest.param(GET, Response(status=204), [DATE, "Server: Kestrel", "", ""], id="204"),
        pytest.param(GET, Response(status=304, body=b"x"), [DATE, "Server: Kestrel", "", ""], id="304"),
        pytest.param(
            Request(method="HEAD", target="/"),
            Response(status=200, body=b"xyz"),
            ["Content-Length: 3", DATE, "Server: Kestrel", "", ""],
            id="head",
        ),
        pytest.param(
            Request(method="HEAD", target="/"),
            Response(status=200),
            [DATE, "Server: Kestrel", "", ""],
            id="head-unknown",
        ),
        pytest.param(
            GET,
            Response(status=200, body=b"xyz", delivery=Delivery(chunked=True)),
            [DATE, "Server: Kestrel", "Transfer-Encoding: chunked", "", "3", "xyz", "0", "", ""],
            id="chunked",
        ),
        pytest.param(
            Request(method="GET", target="/", http_version="1.0"),
            Response(status=200, body=b"xyz", delivery=Delivery(chunked=True)),
            ["Connection: close", DATE, "Server: Kestrel", "", "xyz"],
            id="no-chunks-for-1.0",
        ),
        pytest.param(
            Request(method="GET", target="/", http_version="1.0", headers=Headers.of({"Connection": "keep-alive"})),
            Response(status=200, body=b"xyz"),
            ["Content-Length: 3", "Connection: keep-alive", DATE, "Server: Kestrel", "", "xyz"],
            id="kept-for-1.0",
        ),
        pytest.param(
            GET,
            Response(status=200, body=b"xyz", headers=Headers.of({"Content-Length": "9", "Server": "s", "Date": "d"})),
            ["Content-Length: 9", "Connection: close", "Date: d", "Server: s", "", "xyz"],
            id="own-fields-win",
        ),
        pytest.param(
            GET,
            Response(status=200, body=b"xyz", headers=Headers.of({"Content-Length": "3"})),
            ["Content-Length: 3", DATE, "Server: Kestrel", "", "xyz"],
            id="own-length-right",
        ),
    ],
)
def test_framing(request_: Request, response: Response, expected: list[str]) -> None:
    """Each response carries the framing that it needs, and no other."""
    assert lines(request_, response)[1:] == expected


@pytest.mark.parametrize(
    ("response", "line"),
    [
        pytest.param(Response(status=299), "HTTP/1.1 299 ", id="unknown"),
        pytest.param(Response(status=418, reason="No Coffee"), "HTTP/1.1 418 No Coffee", id="own"),
        pytest.param(Response(status=400), "HTTP/1.1 400 Bad Request", id="known"),
        pytest.param(Response(status=413), "HTTP/1.1 413 Payload Too Large", id="413"),
        pytest.param(Response(status=422), "HTTP/1.1 422 Unprocessable Entity", id="422"),
    ],
)
def test_status_line(response: Response, line: str) -> None:
    """The reason phrase is the response's own, else the usual one, else empty."""
    assert lines(GET, response)[0] == line


@pytest.mark.parametrize(
    ("delivery", "seconds"),
    [
        pytest.param(Delivery(delay=0.1), 0.1, id="delay"),
        pytest.param(Delivery(drip=0.02, drip_bytes=2), 0.08, id="drip"),
        pytest.param(Delivery(drip=0.02, drip_bytes=2, delay=0.05), 0.13, id="both"),
    ],
)
def test_slow_answer_comes_whole(server: Server, delivery: Delivery, seconds: float) -> None:
    """A delayed or dripped answer comes whole, takes its time, and leaves the connection usable."""
    served = misbehaving(server, delivery)
    started = time.monotonic()
    with served.peer() as peer:
        _, answered, body = peer.send(get()).answer()
        assert time.monotonic() - started >= seconds
        assert body == b"0123456789"
        assert "connection" not in answered
        assert peer.send(post()).answer()[0] == 200


def test_dripped_chunks(server: Server) -> None:
    """Dripped in chunks, each portion is a chunk."""
    served = misbehaving(server, Delivery(chunked=True, drip=0.001, drip_bytes=4))

    with served.peer() as peer:
        answer = peer.send(get("/identity/.well-known/openid-configuration", "Connection: close")).rest()
    assert answer.partition(b"\r\n\r\n")[2] == b"4\r\n0123\r\n4\r\n4567\r\n2\r\n89\r\n0\r\n\r\n"


@pytest.mark.parametrize("ending", [Ending.CUT, Ending.RESET])
@pytest.mark.parametrize(
    ("delivery", "body"),
    [
        pytest.param(Delivery(), None, id="before-the-head"),
        pytest.param(Delivery(after=0), b"", id="after-the-head"),
        pytest.param(Delivery(after=4), b"0123", id="in-the-body"),
        pytest.param(Delivery(after=4, chunked=True), b"4\r\n0123\r\n", id="in-the-chunks"),
        pytest.param(Delivery(after=4, drip=0.001, delay=0.001), b"0123", id="dripped"),
    ],
)
def test_broken_answer(server: Server, ending: Ending, delivery: Delivery, body: bytes | None) -> None:
    """A cut ends in order and a reset by RST, each after so many bytes of the body; silence is recorded as None."""
    broken = Delivery(
        ending=ending, after=delivery.after, chunked=delivery.chunked, drip=delivery.drip, delay=delivery.delay
    )
    served = misbehaving(server, broken)
    received = b""
    reset = False
    with served.peer() as peer:
        peer.send(get())
        try:
            while data := peer.socket.recv(65536):
                received += data
        except ConnectionResetError:
            reset = True

    assert reset is (ending is Ending.RESET)
    assert received.partition(b"\r\n\r\n")[2] == (body or b"")
    assert (received == b"") is (body is None)
    recorded = served.exchange().response
    assert (recorded is None) is (body is None)


@pytest.mark.parametrize(
    ("delivery", "seen"),
    [
        pytest.param(Delivery(ending=Ending.NEVER), False, id="silence"),
        pytest.param(Delivery(ending=Ending.NEVER, after=3), True, id="silence-in-the-body"),
        pytest.param(Delivery(delay=60), False, id="delay"),
        pytest.param(Delivery(drip=60), True, id="drip"),
    ],
)
@pytest.mark.parametrize("leaver", ["peer", "fake"])
def test_peer_that_gives_up_is_recorded(server: Server, delivery: Delivery, leaver: str, *, seen: bool) -> None:
    """When a peer leaves a slow answer, or the port closes, the exchange is recorded: None if no byte had left."""
    served = misbehaving(server, delivery)
    with served.peer() as peer:
        peer.send(get())
        if seen:
            assert peer.socket.recv(10)
        else:
            peer.socket.settimeout(0.03)
            with pytest.raises(TimeoutError):
                peer.socket.recv(10)
        assert len(served.idp.journal) == 0
        if leaver == "fake":
            served.listener.close()
    exchange = served.entries()[0]
    assert isinstance(exchange, Exchange)
    assert (exchange.response is not None) is seen


def test_a_peer_that_has_reset_has_no_side_to_end() -> None:
    """Its reset may come between a refusal and the end of the own side: that is no fault of the kit."""

    class Gone(asyncio.Transport):
        def can_write_eof(self) -> bool:
            return True

        def write_eof(self) -> None:
            raise OSError(errno.ENOTCONN, "not connected")

    end_side(Gone())


def test_whoever_has_the_answer_finds_it_recorded(server: Server) -> None:
    """The exchange stands in the journal when the last byte arrives."""
    served = serve(server)
    with served.peer() as peer:
        for count in range(1, 40):
            peer.send(post() if count % 2 else get()).answer()
            assert len(served.idp.journal) == count
