"""TLS ports: what is carried, and what is seen of clients that break the handshake off."""

import ssl
from collections.abc import Iterator

import pytest
import trustme

from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.server_config import ServerConfig
from tests.fake_idp.peer import USER, Peer, Served, get, post
from tests.fake_idp.test_hello import with_name


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def over_tls(server: Server, authority: trustme.CA) -> Served:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    idp = FakeIdp(ServerConfig(users=(USER,)))
    return Served(server.serve(idp, tls=context), idp)


def call(served: Served, authority: trustme.CA, name: str, sent: bytes) -> bytes:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with (
        Peer(served.listener.port) as peer,
        trusting.wrap_socket(peer.socket, server_hostname=name, suppress_ragged_eofs=False) as line,
    ):
        line.sendall(sent)
        received = b""
        while data := line.recv(65536):
            received += data
        return received


def test_tls(server: Server, authority: trustme.CA) -> None:
    """Over TLS the fake answers, ends with a goodbye, and the request is known to have come by https."""
    served = over_tls(server, authority)
    large = post(b"x=" + b"x" * 300_000, "Connection: close")

    assert served.listener.authority.startswith("https://127.0.0.1:")
    assert call(served, authority, "localhost", get("/x", "Connection: close")).startswith(b"HTTP/1.1 404 ")
    assert call(served, authority, "127.0.0.1", large).startswith(b"HTTP/1.1 400 ")
    assert [exchange.request.origin for exchange in served.idp.journal.exchanges] == ["https://127.0.0.1"] * 2


def test_tls_peer_without_request(server: Server, authority: trustme.CA) -> None:
    """A client that shakes hands and leaves is recorded with the name that it asked for."""
    served = over_tls(server, authority)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with served.peer() as peer, trusting.wrap_socket(peer.socket, server_hostname="localhost") as line:
        line.unwrap()

    connection = served.connection()
    assert connection.server_name == "localhost"
    assert connection.ending == "closed by peer"
    assert connection.received == b""


def test_tls_peer_that_does_not_trust(server: Server, authority: trustme.CA) -> None:
    """A client that breaks the handshake off is recorded with the name, its hello and its reason."""
    served = over_tls(server, authority)
    with served.peer() as peer, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(peer.socket, server_hostname="localhost")

    connection = served.connection()
    assert connection.server_name == "localhost"
    assert connection.received.startswith(b"\x16\x03")
    assert connection.ending == "TLS handshake failed: TLSV1_ALERT_UNKNOWN_CA"


@pytest.mark.parametrize(
    ("sent", "ending"),
    [
        pytest.param(get(), "TLS handshake failed: HTTP_REQUEST", id="plain-http"),
        pytest.param(b"", "closed by peer during the TLS handshake", id="nothing"),
        pytest.param(b"\x16\x03\x01", "closed by peer during the TLS handshake", id="cut"),
    ],
)
def test_no_tls_on_a_tls_port(server: Server, authority: trustme.CA, sent: bytes, ending: str) -> None:
    """What is not a TLS on a TLS port is recorded, bytes and all."""
    served = over_tls(server, authority)
    served.talk(sent)

    connection = served.connection()
    assert connection.ending == ending
    assert connection.received == sent


def test_a_server_name_that_is_not_ascii(
    server: Server, authority: trustme.CA, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is refused by an alert and recorded as sent; nothing is printed, as Python's ssl would do."""
    served = over_tls(server, authority)
    with served.peer() as peer:
        peer.send(with_name(b"h\xc3\xa9.example"))
        assert peer.rest() == b"\x15\x03\x03\x00\x02\x02\x70"

    connection = served.connection()
    assert connection.server_name == "h\xc3\xa9.example"
    assert connection.ending == "TLS handshake failed: the server name is not ASCII"
    assert capsys.readouterr().err == ""


def test_closing_during_a_handshake(server: Server, authority: trustme.CA) -> None:
    """A port that closes during a handshake records it."""
    served = over_tls(server, authority)
    with served.peer() as peer:
        peer.send(b"\x16")
        peer.socket.settimeout(0.03)
        with pytest.raises(TimeoutError):
            peer.socket.recv(1)
        served.listener.close()

    assert served.connection().ending == "closed by the fake during the TLS handshake"
