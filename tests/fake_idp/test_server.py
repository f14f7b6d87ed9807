"""Ports that open and close: ready when told, gone when closed; TLS; control routes."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_idp.classify import Kind
from fake_idp.core import Arrival, FakeIdp
from fake_idp.faults import Fault
from fake_idp.http.port import Route
from fake_idp.http.server import Server
from fake_idp.journal import Entry
from fake_idp.server_config import ServerConfig
from fake_idp.wire import Delivery, Request, Response
from tests.fake_idp.peer import PATIENCE, USER, Served, get, post, serve


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


def held() -> tuple[int, int]:
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


def run_once() -> None:
    with Server() as server:
        served = serve(server)
        with served.peer() as peer, served.peer():
            assert peer.send(get()).answer()[0] == 200


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts descriptors in /proc")
@pytest.mark.slow
@pytest.mark.unmeasured
def test_nothing_is_left_after_two_hundred_cycles() -> None:
    """Started, called and closed two hundred times, no thread, socket or file is left."""
    run_once()  # uvloop opens two files for the process, once
    before = held()
    for _ in range(200):
        run_once()
    assert held() == before


def test_closed_server_can_serve_again() -> None:
    """Closing ends what was; a closed server starts anew, and closing twice does nothing."""
    server = Server()
    first = serve(server)
    server.close()
    first.listener.close()
    with pytest.raises(ConnectionRefusedError):
        first.peer()
    second = serve(server)
    assert second.talk(get()).startswith(b"HTTP/1.1 200 ")
    server.close()
    server.close()


def test_unused_server_has_no_thread() -> None:
    """Before the first fake is served there is no thread."""
    before = threading.active_count()
    with Server():
        assert threading.active_count() == before


def test_closing_one_port_leaves_the_others(server: Server) -> None:
    """A port closes with its connections; the connections of others go on."""
    one, other = serve(server), serve(server)
    with one.peer() as leaving, other.peer() as staying:
        leaving.send(get()).answer()
        staying.send(get()).answer()
        one.listener.close()
        assert leaving.rest() == b""
        assert staying.send(get()).answer()[0] == 200
    assert one.listener.port not in one.idp.ports
    assert other.listener.port in other.idp.ports


def test_addresses(server: Server) -> None:
    """A listener names every address that a client needs."""
    listener = serve(server).listener

    assert listener.origin == f"http://127.0.0.1:{listener.port}"
    assert listener.authority == listener.origin + "/identity"
    assert listener.discovery_url == listener.authority + "/.well-known/openid-configuration"
    assert listener.token_url == listener.authority + "/connect/token"
    assert listener.api_url == listener.origin + "/api"


@pytest.mark.parametrize(
    ("host", "called", "bound"),
    [
        pytest.param("localhost", "localhost", "127.0.0.1", id="localhost"),
        pytest.param("0.0.0.0", "127.0.0.1", "0.0.0.0", id="every"),
        pytest.param("::1", "[::1]", "::1", id="ipv6"),
        pytest.param("::", "[::1]", "::", id="every-ipv6"),
    ],
)
def test_host(host: str, called: str, bound: str) -> None:
    """Another address is bound only when asked for, and named so that a client can call it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((bound, 0), family=family).close()
    except OSError:
        pytest.skip(f"this machine has no {host}")
    with Server(host=host) as server:
        listener = serve(server).listener
        assert listener.origin == f"http://{called}:{listener.port}"
        socket.create_connection((called.strip("[]"), listener.port), PATIENCE).close()


def test_port_in_use_is_an_error(server: Server) -> None:
    """A port that is taken is an OSError, and nothing of the attempt is left."""
    taken = serve(server).listener.port
    idp = FakeIdp()
    with pytest.raises(OSError, match="in use"):
        server.serve(idp, port=taken)
    assert idp.ports == set()


def test_control_routes_are_not_recorded(server: Server) -> None:
    """Exact paths and `/*` answer beside the fake, the closest first, and leave no entry."""

    def say(word: str) -> Route:
        return lambda request: Response(status=200, body=f"{word} {request.path}".encode())

    idp = FakeIdp()
    routes = {"/_kit/state": say("exact"), "/_kit/*": say("below"), "/_kit/deep/*": say("deep")}
    served = Served(server.serve(idp, routes=routes), idp)
    with served.peer() as peer:
        paths = ("/_kit/state?x=1", "/_kit/other", "/_kit/deep/er/est", "/_kit/deep")
        bodies = [peer.send(get(path)).answer()[2] for path in paths]
        assert peer.send(get("/_kits")).answer()[0] == 404

    assert bodies == [b"exact /_kit/state", b"below /_kit/other", b"deep /_kit/deep/er/est", b"below /_kit/deep"]
    assert [exchange.request.path for exchange in idp.journal.exchanges] == ["/_kits"]
    served.talk(b"")
    served.talk(get("/_kit/state")[:-2] + b"\xe9: 1\r\n\r\n")
    served.talk(post(b"cut", length=9).replace(b"/identity/connect/token", b"/_kit/state"))
    assert len(idp.journal) == 1


def test_a_sign_in_does_not_wait_for_a_control_route(server: Server) -> None:
    """However long the control surface takes over its answers, and however many are asked for."""
    over = threading.Event()
    idp = FakeIdp(ServerConfig(users=(USER,)))

    def wait(_request: Request) -> Response:
        assert over.wait(PATIENCE)
        return Response(status=200)

    served = Served(server.serve(idp, routes={"/_kit/verdict": wait}), idp)
    with served.peer() as one, served.peer() as other, served.peer() as client:
        asking = [peer.send(get("/_kit/verdict")) for peer in (one, other)]
        assert client.send(post()).answer()[0] == 200
        over.set()
        assert [peer.answer()[0] for peer in asking] == [200, 200]


class Failing(FakeIdp):
    """A fake with a fault of the kit's own: asked for a token, it raises."""

    def respond(self, arrival: Arrival) -> Response:
        raise RuntimeError(f"a fault of the kit in {arrival.kind}")


@pytest.mark.parametrize("request_bytes", [pytest.param(post(), id="signed"), pytest.param(get(), id="inline")])
def test_failing_fake_closes_the_connection(
    server: Server, caplog: pytest.LogCaptureFixture, request_bytes: bytes
) -> None:
    """A fault of the kit's own is logged, ends that connection alone, and the request is recorded."""
    idp = Failing()
    served = Served(server.serve(idp), idp)
    with served.peer() as peer:
        assert peer.send(request_bytes).rest() == b""

    assert served.exchange().response is None
    assert "a fault of the kit" in caplog.text


class Waiting(FakeIdp):
    """A fake that answers when it is told to."""

    def __init__(self) -> None:
        super().__init__(ServerConfig(users=(USER,)))
        self.asked, self.told = threading.Event(), threading.Event()

    def respond(self, arrival: Arrival) -> Response:
        self.asked.set()
        assert self.told.wait(PATIENCE)
        return super().respond(arrival)


@pytest.mark.parametrize("leaver", ["peer", "port"])
def test_peer_that_is_gone_before_the_signature(server: Server, leaver: str) -> None:
    """A signature that nobody waits for any more is recorded as an exchange without answer."""
    idp = Waiting()
    served = Served(server.serve(idp), idp)
    with served.peer() as peer:
        peer.send(post())
        assert idp.asked.wait(PATIENCE)
        if leaver == "peer":
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.socket.close()
            time.sleep(0.02)
            idp.told.set()
        else:
            threading.Timer(0.05, idp.told.set).start()
            served.listener.close()
            assert len(idp.journal) == 1

    assert served.exchange().response is None


def test_failing_subscriber_ends_the_connection_alone(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """A listener of the journal that raises is logged; the peer is cut off, and the next one is served."""
    dripped = Fault(endpoint=Kind.DISCOVERY, delivery=Delivery(drip=0.001, drip_bytes=1000))
    served = serve(server, dripped)

    def fail(_entry: Entry) -> None:
        raise RuntimeError("no room")

    served.idp.journal.subscribe(fail)
    for request_bytes in (get(), post(), get()):
        with served.peer() as peer:
            assert b"}" not in peer.send(request_bytes).rest()
    assert caplog.text.count("\nRuntimeError: (its message is left out") >= 3
