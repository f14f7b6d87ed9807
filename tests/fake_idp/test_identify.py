"""Who stands behind a connection: asked once, as soon as it has been accepted, and recorded with each exchange."""

import ssl
import threading
from collections.abc import Iterator

import pytest
import trustme

from fake_idp.core import FakeIdp
from fake_idp.http.port import Address
from fake_idp.http.server import Server
from fake_idp.journal import Exchange
from fake_idp.server_config import ServerConfig
from tests.fake_idp.peer import PATIENCE, USER, Peer, Served, get, post


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


class Asked:
    """Names clients in order, and remembers what it was asked."""

    def __init__(self) -> None:
        self.ends: list[tuple[Address, Address]] = []
        self.once = threading.Event()

    def __call__(self, peer: Address, here: Address) -> str:
        self.ends.append((peer, here))
        self.once.set()
        return f"p{len(self.ends)}"


def named(served: Served, count: int) -> list[str]:
    return [entry.client for entry in served.entries(count) if isinstance(entry, Exchange)]


def test_each_exchange_of_a_connection_has_its_client(server: Server) -> None:
    """One look for two requests; a second connection is somebody else's."""
    asked, idp = Asked(), FakeIdp(ServerConfig(users=(USER,)))
    served = Served(server.serve(idp, identify=asked), idp)
    with served.peer() as peer, served.peer() as other:
        ends = [(each.socket.getsockname(), each.socket.getpeername()) for each in (peer, other)]
        for each in (peer, peer, other):
            assert each.send(get()).answer()[0] == 200
    assert named(served, 3) == ["p1", "p1", "p2"]
    assert asked.ends == ends


def test_nothing_need_be_sent_for_it(server: Server) -> None:
    """The look is over before the request comes: a program that makes a single one may end right after it."""
    asked, idp = Asked(), FakeIdp(ServerConfig(users=(USER,)))
    served = Served(server.serve(idp, identify=asked), idp)
    with served.peer():
        assert asked.once.wait(PATIENCE)


def test_a_request_that_never_ends_has_a_client(server: Server) -> None:
    """What is recorded of half a body is its client's."""
    idp = FakeIdp(ServerConfig(users=(USER,)))
    served = Served(server.serve(idp, identify=Asked()), idp)
    with served.peer() as peer:
        peer.send(post(b"grant_type=", length=400))
    assert named(served, 1) == ["p1"]


def test_the_client_of_a_tls_connection_is_asked_for_once(server: Server) -> None:
    """At the socket, before the handshake."""
    authority, asked = trustme.CA(), Asked()
    context, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("localhost").configure_cert(context)
    authority.configure_trust(trusting)
    idp = FakeIdp(ServerConfig(users=(USER,)))
    served = Served(server.serve(idp, tls=context, identify=asked), idp)
    with Peer(served.listener.port) as peer, trusting.wrap_socket(peer.socket, server_hostname="localhost") as line:
        line.sendall(get("/x", "Connection: close"))
        while line.recv(4096):
            pass
    assert named(served, 1) == ["p1"]
    assert len(asked.ends) == 1


def test_nobody_is_named_where_nobody_asks(server: Server) -> None:
    """Without it no client is known."""
    idp = FakeIdp(ServerConfig(users=(USER,)))
    served = Served(server.serve(idp), idp)
    served.talk(get())
    assert named(served, 1) == [""]
