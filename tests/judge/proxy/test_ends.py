"""How connections through the proxy end: by the client, by the fake, by its patience; none is held for nobody."""

import socket
import time
from pathlib import Path

import pytest

from fake_idp.http.port import Limits
from tests.fake_idp.peer import PATIENCE, Peer, get
from tests.judge.proxy.way import Behind, behind

NONE = get("http://www.blastiq.com/none").replace(b"127.0.0.1", b"www.blastiq.com")
REQUEST = NONE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


def wait_until_nothing_is_open(way: Behind) -> None:
    deadline = time.monotonic() + PATIENCE
    while way.opening._connections:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_what_the_fake_has_closed_is_not_held_open(tmp_path: Path) -> None:
    """Not even by a client that keeps its own end, as a pool of connections may."""
    with behind(tmp_path, Limits(linger=0.05)) as way, Peer(way.opening.port) as peer, Peer(way.opening.port) as other:
        for each in (peer, other):
            assert each.send(REQUEST).rest().startswith(b"HTTP/1.1 404 ")
        wait_until_nothing_is_open(way)


def test_what_both_have_ended_is_closed(tmp_path: Path) -> None:
    """A client that half-closes and then keeps its end holds nothing once the answer is whole."""
    with behind(tmp_path, Limits(linger=10 * PATIENCE)) as way, Peer(way.opening.port) as peer:
        peer.send(REQUEST).socket.shutdown(socket.SHUT_WR)
        assert peer.rest().startswith(b"HTTP/1.1 404 ")
        wait_until_nothing_is_open(way)


def test_an_end_that_comes_with_the_request_is_passed_on(tmp_path: Path) -> None:
    """Before the way inside is open, too: the fake answers it as it does without a proxy."""
    with behind(tmp_path) as way, Peer(way.opening.port) as peer:
        peer.send(NONE).socket.shutdown(socket.SHUT_WR)
        assert peer.rest().startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize("said", [b"", b"CONNECT www.blastiq.com:443 HTTP/1.1\r\nX: "], ids=["nothing", "half-a-head"])
def test_who_does_not_say_where_to_is_dropped(tmp_path: Path, said: bytes) -> None:
    """After the time that a head may take, however often a byte comes."""
    with behind(tmp_path, Limits(head_seconds=0.05)) as way, Peer(way.opening.port) as peer:
        peer.send(said)
        peer.socket.settimeout(0.01)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                assert peer.socket.recv(1) == b""
            except TimeoutError:
                if said:
                    peer.send(b"x")
            except ConnectionError:
                break
            else:
                break
        assert time.monotonic() < deadline
        wait_until_nothing_is_open(way)
