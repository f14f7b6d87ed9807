"""Peers that break the rules: what no parser takes is refused, kept in the journal, and harms nobody else."""

import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_idp.http.server import Server
from fake_idp.journal import Connection, Exchange
from tests.fake_idp.peer import FORM_BODY, Served, get, post, serve

TLS_HELLO = b"\x16\x03\x01\x00\xf0\x01\x00\x00"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def served(server: Server) -> Served:
    return serve(server)


@pytest.fixture(scope="module")
def lasting(server: Server) -> Served:
    return serve(server)


@pytest.mark.parametrize(
    ("sent", "status", "target", "authorization", "body"),
    [
        pytest.param(get("/a?b=\xe9"), 400, "/a?b=\xe9", None, b"", id="8-bit-target"),
        pytest.param(get("/a b"), 400, "/a b", None, b"", id="space-in-target"),
        pytest.param(
            post(FORM_BODY, "Authorization: Basic YWJj\nZGVm"),
            400,
            "/identity/connect/token",
            "Basic YWJj\nZGVm",
            FORM_BODY,
            id="newline-in-authorization",
        ),
        pytest.param(
            post(FORM_BODY, "Authorization: Basic YWJj\r\n ZGVm"),
            400,
            "/identity/connect/token",
            "Basic YWJj\n ZGVm",
            FORM_BODY,
            id="folded-authorization",
        ),
        pytest.param(post(FORM_BODY, "Content-Length: 1"), 400, "/identity/connect/token", None, b"", id="two-lengths"),
        pytest.param(
            post(FORM_BODY, f"Content-Length: {len(FORM_BODY)}"),
            400,
            "/identity/connect/token",
            None,
            FORM_BODY,
            id="one-length-twice",
        ),
        pytest.param(get("/a", "content-length: 0, 0"), 400, "/a", None, b"", id="two-lengths-in-one"),
        pytest.param(
            post(b"zz\r\n", "Transfer-Encoding: chunked"), 400, "/identity/connect/token", None, b"", id="bad-chunk"
        ),
        pytest.param(
            post(b"", "Transfer-Encoding: gzip"), 400, "/identity/connect/token", None, b"", id="unknown-coding"
        ),
        pytest.param(b"GET /x HTTP/1.7\r\n\r\n", 505, "/x", None, b"", id="unknown-version"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "*", None, b"", id="http-2"),
        pytest.param(get("/flood", *["A: " + "a" * 1000] * 70)[:-2], 431, "/flood", None, b"", id="header-flood"),
        pytest.param(get("/flood", *["A: b"] * 11000), 431, "/flood", None, b"", id="header-flood-at-once"),
    ],
)
def test_malformed_request_is_refused_and_kept(
    served: Served, sent: bytes, status: int, target: str, authorization: str | None, body: bytes
) -> None:
    """What no parser takes is refused as Kestrel does, and what was sent stands in the journal all the same."""
    answer = served.talk(sent)

    assert int(answer.split(b" ")[1]) == status
    exchange = served.exchange()
    assert exchange.request.target == target
    assert exchange.request.headers.get("authorization") == authorization
    assert exchange.request.body == body
    assert exchange.response is not None
    assert exchange.response.status == status


@pytest.mark.parametrize(
    ("sent", "answered", "ending"),
    [
        pytest.param(b"", False, "closed by peer", id="nothing"),
        pytest.param(b"\r\n\r\n", False, "closed by peer", id="empty-lines"),
        pytest.param(b"GET / HT", True, "closed by peer", id="cut"),
        pytest.param(b"hello\r\n\r\n", True, "no HTTP: illegal request line", id="text"),
        pytest.param(b"\x00\x01\x02", True, "no HTTP: illegal request line", id="binary"),
        pytest.param(TLS_HELLO, True, "TLS hello on a plain port", id="tls"),
        pytest.param(b"A" * 70_000, True, "no HTTP: Receive buffer too long", id="long"),
    ],
)
def test_connection_without_http_is_recorded(served: Served, sent: bytes, ending: str, *, answered: bool) -> None:
    """Bytes that were not HTTP, or none at all, stand in the journal with how it ended; 4 KiB are kept."""
    answer = served.talk(sent)

    assert answer.startswith(b"HTTP/1.1 4") is answered
    connection = served.connection()
    assert connection.received == sent.lstrip(b"\r\n")[:4096]
    assert connection.ending == ending


@pytest.mark.parametrize(
    ("version", "status"),
    [(b"http/1.1", 505), (b"HTTP/1.2", 505), (b"anything", 505), (b"HTTP/1", 400), (b"HTTP/1.10", 400), (b"", 400)],
)
def test_any_eight_characters_are_a_version(served: Served, version: bytes, status: int) -> None:
    """Kestrel's HttpParser knows two; what is shorter or longer ends no request line."""
    assert served.talk(b"GET / " + version + b"\r\n\r\n").startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_tls_on_a_plain_port_shows_the_name_that_was_asked_for(served: Served) -> None:
    """A client that speaks TLS to the plain port is seen with its server name."""
    url = f"https://localhost:{served.listener.port}/"
    subprocess.run(["curl", "-s4", "--max-time", "5", url], check=False)

    connection = served.connection()
    assert connection.ending == "TLS hello on a plain port"
    assert connection.server_name == "localhost"


def test_truncated_body_is_recorded_without_answer(served: Served) -> None:
    """A peer that closes before its body is whole gets no answer; what came of the body is kept."""
    assert served.talk(post(FORM_BODY, length=len(FORM_BODY) + 1)) == b""

    exchange = served.exchange()
    assert exchange.request.body == FORM_BODY
    assert exchange.response is None


def test_bytes_after_the_body_are_recorded(served: Served) -> None:
    """A Content-Length that is too short leaves a remainder: refused, and recorded beside the exchange."""
    answers = served.talk(post(FORM_BODY, length=len(FORM_BODY) - 3))

    assert [part[:3] for part in answers.split(b"HTTP/1.1 ")[1:]] == [b"400", b"400"]

    rest = served.entries(2)[1]
    assert isinstance(rest, Connection)
    assert rest.received == FORM_BODY[-3:]


def test_reset_is_told_from_an_orderly_end(served: Served) -> None:
    """A peer that resets the connection is recorded so."""
    with served.peer() as peer:
        peer.send(b"GET /")
        peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert served.connection().ending == "reset"


@given(data=st.binary(max_size=400))
def test_any_bytes_leave_the_server_alive(lasting: Served, data: bytes) -> None:
    """Whatever comes: one entry at least, a well-formed answer if any, and the next good request is answered."""
    before = len(lasting.idp.journal)
    answer = lasting.talk(data)

    assert answer == b"" or answer.startswith(b"HTTP/1.1 ")
    assert len(lasting.entries(before + 1)) > before
    assert lasting.talk(get()).startswith(b"HTTP/1.1 200 ")


@given(target=st.text(st.characters(max_codepoint=255, blacklist_characters=" \r\n"), min_size=1), body=st.binary())
def test_any_target_and_body_are_kept(lasting: Served, target: str, body: bytes) -> None:
    """Every byte of target and body stands in the journal, whether or not the target was legal."""
    before = len(lasting.idp.journal)
    lasting.talk(post(body).replace(b"/identity/connect/token", target.encode("latin-1"), 1))

    entry = lasting.entries(before + 1)[before]
    assert isinstance(entry, Exchange)
    assert entry.request.target == target
    assert entry.request.body == body
