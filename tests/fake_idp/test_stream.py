"""Answers of control routes that never end: told piece by piece, at the pace at which the peer reads."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from socket import socket

import pytest
import trustme

from fake_idp.core import FakeIdp
from fake_idp.http.port import Stream
from fake_idp.http.server import Server
from tests.fake_idp.peer import Peer, get

# More than kernels keep of a connection.
KEPT = 16_000_000
PIECE = b"x" * 20_000_000


@contextmanager
def streaming(*, tls: bool, news: list[bytes]) -> Iterator[tuple[socket, FakeIdp]]:
    """Open a connection to a port with a stream that tells this news, one by one."""
    idp, authority = FakeIdp(), trustme.CA()
    context, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(context)
    authority.configure_trust(trusting)

    def more() -> bytes:
        return news.pop(0) if news else b""

    with Server() as server:
        routes = {"/_kit/news": lambda _: Stream(status=200, more=more)}
        listener = server.serve(idp, tls=context if tls else None, routes=routes)
        with Peer(listener.port) as peer:
            if tls:
                with trusting.wrap_socket(peer.socket, server_hostname="localhost") as line:
                    yield line, idp
            else:
                yield peer.socket, idp


def until(line: socket, end: bytes) -> bytes:
    received = b""
    while not received.endswith(end):
        data = line.recv(65536)
        assert data
        received += data
    return received


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(
    ("version", "pieces"),
    [("1.1", b"\r\n\r\n1\r\n\n\r\n3\r\none\r\n3\r\ntwo\r\n"), ("1.0", b"\r\n\r\n\nonetwo")],
)
def test_a_stream_tells_what_is_new(*, tls: bool, version: str, pieces: bytes) -> None:
    """In chunks where the peer knows them; nothing of it is journaled, and the port closes in spite of it."""
    with streaming(tls=tls, news=[b"one", b"", b"two"]) as (line, idp):
        line.sendall(get("/_kit/news", version=version))
        assert until(line, pieces[-5:]).endswith(pieces)
    assert len(idp.journal) == 0


def test_a_peer_that_reads_slowly_is_told_less_often() -> None:
    """No news piles up for it: the next is asked for when the last has gone."""
    news = [PIECE] * 4
    with streaming(tls=False, news=news) as (line, _):
        line.sendall(get("/_kit/news"))
        read = 0
        while read < 2 * len(PIECE):
            read += len(line.recv(1 << 20))
            assert 4 - len(news) <= (read + KEPT) // len(PIECE) + 1


def test_a_head_request_gets_the_head_alone() -> None:
    """And no news."""
    news = [b"one"]
    with streaming(tls=False, news=news) as (line, _):
        line.sendall(get("/_kit/news").replace(b"GET", b"HEAD"))
        assert until(line, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    assert news == [b"one"]
