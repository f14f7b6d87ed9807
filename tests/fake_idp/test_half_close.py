"""Peers that end their own side: one that still listens gets its answer, one that has closed is recorded so."""

import socket
import ssl
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.faults import Fault
from fake_idp.http import far_end
from fake_idp.http.server import Server
from fake_idp.server_config import ServerConfig
from fake_idp.wire import Delivery, Ending, Response
from tests.fake_idp.peer import USER, Peer, Served, get, post, serve

pytestmark = pytest.mark.slow

BODY = b"0123456789"
NO_LINGER = struct.pack("ii", 1, 0)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def slow(server: Server, delivery: Delivery, endpoint: Kind = Kind.DISCOVERY) -> Served:
    return serve(server, Fault(endpoint=endpoint, body=BODY, delivery=delivery))


def response(served: Served) -> Response:
    recorded = served.exchange().response
    assert recorded is not None
    return recorded


@pytest.mark.parametrize("later", [pytest.param(0.0, id="with-the-request"), pytest.param(0.1, id="meanwhile")])
@pytest.mark.parametrize(
    "delivery",
    [
        pytest.param(Delivery(delay=0.5), id="delay"),
        pytest.param(Delivery(drip=0.05), id="drip"),
        pytest.param(Delivery(drip=0.05, chunked=True), id="chunks"),
    ],
)
def test_a_half_close_is_no_hang_up(server: Server, delivery: Delivery, later: float) -> None:
    """Who ends only its own side gets the whole of a slow answer, and the journal says that all of it went out."""
    served = slow(server, delivery)
    with served.peer() as peer:
        peer.send(get())
        time.sleep(later)
        peer.socket.shutdown(socket.SHUT_WR)
        received = peer.rest()

    body = received.partition(b"\r\n\r\n")[2]
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in BODY) + b"0\r\n\r\n"
    assert body == (chunks if delivery.chunked else BODY)
    assert response(served).delivery == delivery


def test_a_half_close_during_a_signature_is_none_either(server: Server) -> None:
    """The FIN may come before the answer is there: the token answer drips all the same, to its end."""
    served = serve(server, Fault(endpoint=Kind.TOKEN, delivery=Delivery(drip=0.002, drip_bytes=16)))
    answer = served.talk(post())

    assert answer.endswith(b"}")
    assert response(served).delivery.ending is Ending.COMPLETE


def test_a_half_closed_peer_is_left_hanging_like_any_other(server: Server) -> None:
    """An answer that never comes does not turn into a closed connection; it ends when the peer lets go."""
    served = slow(server, Delivery(ending=Ending.NEVER))
    with served.peer() as peer:
        peer.send(get()).socket.shutdown(socket.SHUT_WR)
        peer.socket.settimeout(0.5)
        with pytest.raises(TimeoutError):
            peer.socket.recv(1)
        assert len(served.idp.journal) == 0

    exchange = served.exchange()
    assert exchange.response is None
    assert 0.5 <= exchange.ended - exchange.started < 2


@pytest.mark.parametrize("how", ["close", "reset", "close-after-a-half-close"])
def test_what_had_left_is_recorded(server: Server, how: str) -> None:
    """A peer that leaves in the middle of an answer is recorded with the part that had left, and not with the rest."""
    served = slow(server, Delivery(drip=0.05))
    with served.peer() as peer:
        peer.send(get())
        if how == "close-after-a-half-close":
            peer.socket.shutdown(socket.SHUT_WR)
        received = b""
        while not received.endswith(b"\r\n\r\n012"):
            received += peer.socket.recv(1)
        if how == "reset":
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)

    left = response(served)
    assert left.delivery.ending is Ending.LEFT
    assert left.body == BODY
    assert left.sent == BODY[: len(left.sent)]
    assert 3 <= len(left.sent) < len(BODY)


def test_a_peer_that_closed_gets_no_answer(server: Server) -> None:
    """A delayed answer to a peer that has closed meanwhile is none, be it that it half-closed at first."""
    served = slow(server, Delivery(delay=0.3))
    with served.peer() as peer:
        peer.send(get()).socket.shutdown(socket.SHUT_WR)
        time.sleep(0.05)

    assert served.exchange().response is None


def test_what_breaks_off_by_itself_is_recorded_as_it_was_meant(server: Server) -> None:
    """A peer that leaves a silence in the body is not what ended the answer."""
    silence = Delivery(ending=Ending.NEVER, after=4)
    served = slow(server, silence)
    with served.peer() as peer:
        peer.send(get())
        while not peer.socket.recv(100).endswith(b"0123"):
            pass

    assert response(served).delivery == silence


@pytest.mark.parametrize(
    ("delivery", "answered"),
    [
        pytest.param(Delivery(drip=0.05), True, id="what-has-begun-goes-on"),
        pytest.param(Delivery(delay=30), False, id="silence-is-given-up"),
    ],
)
def test_where_the_kernel_shows_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch, delivery: Delivery, *, answered: bool
) -> None:
    """Elsewhere than on Linux, and for peers far away: a FIN before anything was sent is taken for leaving."""
    monkeypatch.setattr(far_end, "_TABLES", (Path("/none"),))
    served = slow(server, delivery)
    with served.peer() as peer:
        peer.send(get())
        time.sleep(0.1)
        peer.socket.shutdown(socket.SHUT_WR)
        assert peer.rest().endswith(BODY) is answered

    assert (served.exchange().response is not None) is answered


def test_nobody_is_held_without_addresses() -> None:
    """Nothing is known of an end that has no address."""

    class Nameless:
        def get_extra_info(self, name: str) -> None:
            """Know nothing."""

    assert far_end.is_held(Nameless()) is None  # type: ignore[arg-type]  # a transport without a socket


def test_over_tls(server: Server) -> None:
    """Under TLS, too, a peer may end its side of the connection and read on."""
    authority = trustme.CA()
    own, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(own)
    authority.configure_trust(trusting)
    idp = FakeIdp(
        ServerConfig(users=(USER,)), faults=[Fault(endpoint=Kind.DISCOVERY, body=BODY, delivery=Delivery(drip=0.02))]
    )
    served = Served(server.serve(idp, tls=own), idp)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = trusting.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
    with served.peer() as peer:
        shake_hands(tls, peer, incoming, outgoing)
        tls.write(get())
        peer.send(outgoing.read()).socket.shutdown(socket.SHUT_WR)
        incoming.write(peer.rest())
        received = b""
        while not received.endswith(BODY):
            received += tls.read(65536)

    assert response(served).delivery.ending is Ending.COMPLETE


def shake_hands(tls: ssl.SSLObject, peer: Peer, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> None:
    while True:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            peer.send(outgoing.read())
            incoming.write(peer.socket.recv(65536))
        else:
            peer.send(outgoing.read())
            return
