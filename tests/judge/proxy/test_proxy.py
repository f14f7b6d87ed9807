"""The proxy: production names lead to the fake, every other one too, and nothing leads anywhere else."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.journal import Connection, Exchange
from fake_idp.wire import Delivery, Ending
from tests.fake_idp.peer import Peer
from tests.judge.proxy.way import USER, Behind, behind

pytestmark = pytest.mark.slow

AUTHORITY = "https://www.blastiq.com/identity"
DISCOVERY = "/.well-known/openid-configuration"
GRANT = {"grant_type": "password", "username": USER.username, "password": USER.password}


@pytest.fixture
def way(tmp_path: Path) -> Iterator[Behind]:
    """A fake behind the proxy."""
    with behind(tmp_path) as made:
        yield made


@pytest.mark.parametrize("name", ["https://www.blastiq.com", "https://test.blastiq.com", "http://www.blastiq.com"])
def test_the_issuer_is_the_name_that_was_called(way: Behind, name: str) -> None:
    """A client that compares it is content, over TLS and without."""
    document = way.http.get(f"{name}/identity{DISCOVERY}").json()
    assert document["issuer"] == f"{name}/identity"
    assert document["token_endpoint"].startswith(f"{name}/identity/")


def test_a_sign_in_through_the_tunnel(way: Behind) -> None:
    """Discovery, token and API by their production names, on one connection or several."""
    endpoint = way.http.get(AUTHORITY + DISCOVERY).json()["token_endpoint"]
    token = way.http.post(endpoint, data=GRANT | {"client_id": "external.customer"}).json()["access_token"]
    header = {"Authorization": f"Bearer {token}"}
    urls = ["https://www.blastiq.com/api", "https://api.blastiq.com/v3/blasts", "https://apitest.blastiq.com/"]
    assert [way.http.get(url, headers=header).status_code for url in urls] == [200, 200, 200]
    kinds = [entry.kind for entry in way.entries() if isinstance(entry, Exchange)]
    assert kinds == [Kind.DISCOVERY, Kind.TOKEN, Kind.API, Kind.API, Kind.API]


@pytest.mark.parametrize("url", ["https://collector.example/identity/connect/token", "http://collector.example/api/x"])
def test_another_host_is_refused_and_what_was_sent_there_is_kept(way: Behind, url: str) -> None:
    """Even at a path of BlastIQ's; over TLS the tunnel shows its certificate, so that the request can be seen."""
    assert way.http.post(url, data=GRANT).status_code == 403
    (entry,) = way.entries()
    assert isinstance(entry, Exchange)
    assert (entry.kind, entry.request.url) == (Kind.OTHER, url)
    assert b"something-long-enough" in entry.request.body


def test_a_second_request_on_a_connection_goes_no_further(way: Behind) -> None:
    """Who keeps a connection to the proxy and names another host is refused as well."""
    with Peer(way.opening.port) as peer:
        first = peer.send(f"GET http://www.blastiq.com/identity{DISCOVERY} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert first.answer()[0] == 200
        assert peer.send(b"GET http://example.com/ HTTP/1.1\r\nHost: www.blastiq.com\r\n\r\n").answer()[0] == 403


def test_a_tunnel_to_port_80_is_plain(way: Behind) -> None:
    """Some clients tunnel everything."""
    with Peer(way.opening.port) as peer:
        peer.send(b"CONNECT www.blastiq.com:80 HTTP/1.1\r\n").send(b"Host: www.blastiq.com:80\r\n\r\n")
        assert peer.socket.recv(39) == b"HTTP/1.1 200 Connection established\r\n\r\n"
        request = f"GET /identity{DISCOVERY} HTTP/1.1\r\nHost: www.blastiq.com\r\nConnection: close\r\n\r\n"
        assert peer.send(request.encode()).rest().startswith(b"HTTP/1.1 200 ")


def test_bytes_that_are_no_http_are_recorded(way: Behind) -> None:
    """The fake keeps them, as on a port of its own."""
    with Peer(way.opening.port) as peer:
        peer.send(b"SSH-2.0-OpenSSH_9.9\r\n\r\n").rest()
    (entry,) = way.entries()
    assert isinstance(entry, Connection)
    assert entry.received.startswith(b"SSH-2.0")


def test_a_tunnel_that_is_never_asked_for_ends(way: Behind) -> None:
    """A head without end is cut off; one that was begun ends with the proxy."""
    with Peer(way.opening.port) as peer, suppress(ConnectionResetError):
        assert peer.send(b"CONNECT " + b"x" * 70_000).rest() == b""
    with Peer(way.opening.port) as peer, suppress(ConnectionResetError):
        peer.send(b"CONN")
        way.opening.close()
        assert peer.rest() == b""


def test_much_passes_whole(way: Behind) -> None:
    """More than any buffer holds, in both directions."""
    sent = b"x" * 900_000
    fault = Fault(endpoint=Kind.API, status=200, body=b"y" * 5_000_000)
    way.idp.add_fault(fault)
    assert len(way.http.post("https://api.blastiq.com/large", content=sent).content) == 5_000_000
    (entry,) = way.entries()
    assert isinstance(entry, Exchange)
    assert len(entry.request.body) == 900_000


@pytest.mark.unmeasured
def test_a_reader_that_is_slow_is_waited_for(way: Behind) -> None:
    """The proxy takes no more from the fake than the client has read, give or take a buffer; nothing is lost."""
    way.idp.add_fault(Fault(endpoint=Kind.API, status=200, body=b"y" * 20_000_000))
    with Peer(way.opening.port) as peer:
        peer.send(b"GET http://www.blastiq.com/api HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        time.sleep(0.3)
        assert peer.rest().endswith(b"y" * 20_000_000)


def test_a_reset_is_a_reset_on_the_other_side(way: Behind) -> None:
    """What the scenario connection-lost does to a client comes through."""
    way.idp.add_fault(Fault(endpoint=Kind.API, delivery=Delivery(ending=Ending.RESET)))
    with pytest.raises(httpx.ReadError):
        way.http.get("http://www.blastiq.com/api")


DISCOVER = f"GET http://www.blastiq.com/identity{DISCOVERY} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()


def test_a_half_close_is_passed_on_as_one(way: Behind) -> None:
    """A client that ends only its own side gets the whole of a slow answer through the proxy, too."""
    way.idp.add_fault(Fault(endpoint=Kind.DISCOVERY, body=b"0123456789", delivery=Delivery(drip=0.05)))
    with Peer(way.opening.port) as peer:
        peer.send(DISCOVER).socket.shutdown(socket.SHUT_WR)
        assert peer.rest().endswith(b"\r\n\r\n0123456789")


def test_a_client_that_closed_does_not_keep_the_fake_waiting(way: Behind) -> None:
    """How long it waited for an answer is known, though its FIN may have looked like a half-close."""
    way.idp.add_fault(Fault(endpoint=Kind.DISCOVERY, delivery=Delivery(ending=Ending.NEVER)))
    recorded = threading.Event()
    way.idp.journal.subscribe(lambda _: recorded.set())
    with Peer(way.opening.port) as peer:
        peer.send(DISCOVER).socket.shutdown(socket.SHUT_WR)
        assert not recorded.wait(0.5)
    assert recorded.wait(2)
