"""How connections through the proxy end: by the client, by the fake, by its patience; none is held for nobody."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_idp.peer import PATIENCE, Peer, get
from tests.judge.proxy.way import Behind, behind

NONE = get("http://www.blastiq.com/none").replace(b"127.0.0.1", b"www.blastiq.com")
REQUEST = NONE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


@pytest.fixture
def way(tmp_path: Path) -> Iterator[Behind]:
    """A fake behind the proxy."""
    with behind(tmp_path) as made:
        yield made


def wait_until_nothing_is_open(way: Behind) -> None:
    deadline = time.monotonic() + PATIENCE
    while way.gate.open:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_what_the_fake_has_closed_is_not_held_open(way: Behind) -> None:
    """Not even by a client that keeps its own end, as a pool of connections may."""
    way.gate.linger = 0.05
    with Peer(way.opening.port) as peer, Peer(way.opening.port) as other:
        for each in (peer, other):
            assert each.send(REQUEST).rest().startswith(b"HTTP/1.1 404 ")
        wait_until_nothing_is_open(way)


def test_what_both_have_ended_is_closed(way: Behind) -> None:
    """A client that half-closes and then keeps its end holds nothing once the answer is whole."""
    way.gate.linger = 10 * PATIENCE
    with Peer(way.opening.port) as peer:
        peer.send(REQUEST).socket.shutdown(socket.SHUT_WR)
        assert peer.rest().startswith(b"HTTP/1.1 404 ")
        wait_until_nothing_is_open(way)


def test_an_end_that_comes_with_the_request_is_passed_on(way: Behind) -> None:
    """Before the way inside is open, too: the fake answers it as it does without a proxy."""
    with Peer(way.opening.port) as peer:
        peer.send(NONE).socket.shutdown(socket.SHUT_WR)
        assert peer.rest().startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize("said", [b"", b"CONNECT www.blastiq.com:443 HTTP/1.1\r\nX: "], ids=["nothing", "half-a-head"])
def test_who_does_not_say_where_to_is_dropped(way: Behind, said: bytes) -> None:
    """After the gate's patience, however often a byte comes."""
    way.gate.patience = 0.05
    with Peer(way.opening.port) as peer:
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
