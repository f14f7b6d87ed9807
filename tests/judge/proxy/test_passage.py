"""Who stands behind the proxy's own connections: seen when it is let in, told when the fake asks."""

from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from blastiq_conformance.proxy.proxy import Gate, Passage, Proxy
from fake_idp.http.loop_thread import Listening
from fake_idp.http.port import Address
from fake_idp.http.server import Server
from tests.fake_idp.peer import Peer, Served, get, serve


def test_a_name_is_told_once() -> None:
    """Of the port that it was handed on for; a number is used again later, by somebody else."""
    passage = Passage(lambda peer, here: f"{peer[1]} at {here[1]}")
    passage.hand_on(4711, "p1")
    assert passage.named(("127.0.0.1", 4712), ("127.0.0.1", 80)) == ""
    assert passage.named(("127.0.0.1", 4711), ("127.0.0.1", 80)) == "p1"
    assert passage.named(("127.0.0.1", 4711), ("127.0.0.1", 80)) == ""


class Asked(Passage):
    """A passage that names everybody by the port that they came from."""

    def __init__(self) -> None:
        self.ends: list[tuple[Address, Address]] = []
        super().__init__(self.name)

    def name(self, peer: Address, here: Address) -> str:
        self.ends.append((peer, here))
        return f"p{peer[1]}"


@pytest.fixture
def opened() -> Iterator[tuple[Asked, Served, Listening]]:
    """A fake behind a proxy; the names go from one to the other."""
    with ExitStack() as stack:
        server, proxy, passage = stack.enter_context(Server()), stack.enter_context(Proxy()), Asked()
        idp = serve(server).idp
        plain = stack.enter_context(closing(server.serve(idp, identify=passage.named)))
        opening = stack.enter_context(closing(proxy.open(Gate(secure=plain.port, plain=plain.port, passage=passage))))
        yield passage, Served(plain, idp), opening


@pytest.mark.parametrize("greeting", [b"", b"CONNECT www.blastiq.com:80 HTTP/1.1\r\n\r\n"], ids=["plain", "tunnel"])
def test_the_fake_learns_who_called_the_proxy(opened: tuple[Asked, Served, Listening], greeting: bytes) -> None:
    """By the client's own end, though the connection is the proxy's."""
    passage, served, opening = opened
    with Peer(opening.port) as peer:
        number = peer.socket.getsockname()[1]
        if greeting:
            peer.send(greeting)
            assert peer.socket.recv(39).startswith(b"HTTP/1.1 200 ")
        assert peer.send(get()).answer()[0] == 200
    assert served.exchange().client == f"p{number}"
    assert passage.ends == [(("127.0.0.1", number), ("127.0.0.1", opening.port))]


def test_a_fake_that_is_closing_ends_the_connection(opened: tuple[Asked, Served, Listening]) -> None:
    """Nothing is left open for it."""
    _, served, opening = opened
    served.listener.close()
    with Peer(opening.port) as peer:
        assert peer.send(get()).rest() == b""
