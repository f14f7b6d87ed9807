"""Peers that send ahead of the answers: they are read no further than needed, and nothing that came is lost."""

import fcntl
import socket
import ssl
import struct
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blastiq_conformance.proxy.certificates import Certificates
from fake_idp.classify import Kind
from fake_idp.core import Arrival, FakeIdp
from fake_idp.faults import Fault
from fake_idp.http.server import Server
from fake_idp.oidc.keys import default_keys
from fake_idp.server_config import ServerConfig
from fake_idp.wire import Response
from tests.fake_idp.peer import FORM_BODY, PATIENCE, USER, Peer, Served, get, post, serve

NO_LINGER = struct.pack("ii", 1, 0)
LONG = "X-Padding: " + "x" * 1900
# Twice as many are more than a connection reads ahead; of the bytes that are read at once it is the half.
READ_AHEAD = 20


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    # Made beforehand: no test here waits for a key.
    assert default_keys().published
    with Server() as running:
        yield running


def reset(line: socket.socket) -> None:
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    line.close()


LEAVING = [pytest.param(socket.socket.close, id="close"), pytest.param(reset, id="reset")]
Leave = Callable[[socket.socket], None]
Connect = Callable[[Server, FakeIdp, Path], tuple[Served, socket.socket]]


class Waiting(FakeIdp):
    """A fake whose token answers wait until they are allowed."""

    def __init__(self) -> None:
        super().__init__(ServerConfig(users=(USER,)))
        self.asked, self.allowed = threading.Event(), threading.Event()

    def respond(self, arrival: Arrival) -> Response:
        if arrival.kind is Kind.TOKEN:
            self.asked.set()
            assert self.allowed.wait(PATIENCE)
        return super().respond(arrival)


def deliver(line: socket.socket, data: bytes) -> None:
    """Send, and wait until the other end's kernel has all of it: what a reset finds unsent never was."""
    line.sendall(data)
    deadline = time.monotonic() + PATIENCE
    while struct.unpack("i", fcntl.ioctl(line, termios.TIOCOUTQ, b"\0\0\0\0"))[0]:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def plain(server: Server, idp: FakeIdp, _folder: Path) -> tuple[Served, socket.socket]:
    served = Served(server.serve(idp), idp)
    return served, served.peer().socket


def over_tls(server: Server, idp: FakeIdp, folder: Path) -> tuple[Served, socket.socket]:
    certificates = Certificates(folder)
    served = Served(server.serve(idp, tls=certificates.context()), idp)
    trusting = ssl.create_default_context(cafile=str(certificates.ca_file))
    return served, trusting.wrap_socket(served.peer().socket, server_hostname="localhost")


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel what has been delivered")
@pytest.mark.parametrize("leave", LEAVING)
@pytest.mark.parametrize("connect", [plain, over_tls])
@pytest.mark.parametrize("batches", [0, 3])
def test_who_pipelines_and_leaves_is_recorded_whole(
    server: Server, tmp_path: Path, connect: Connect, leave: Leave, batches: int
) -> None:
    """Each complete request that came while a token was signed is in the journal, one with half a body as well.

    Some of them have been read by then, and of three batches the others only the kernel holds.
    """
    idp = Waiting()
    served, line = connect(server, idp, tmp_path)
    line.sendall(post())
    assert idp.asked.wait(PATIENCE)
    for _ in range(batches):
        deliver(line, get("/none", LONG) * READ_AHEAD)
    deliver(line, post() + post(b"cut", length=9))
    leave(line)
    idp.allowed.set()

    many = batches * READ_AHEAD
    entries = served.entries(many + 3)
    assert [entry.number for entry in entries] == list(range(1, many + 4))
    bodies = [each.request.body for each in idp.journal.exchanges]
    assert bodies == [FORM_BODY, *([b""] * many), FORM_BODY, b"cut"]


def test_what_was_sent_to_a_control_route_is_not_recorded(server: Server) -> None:
    """Not by who leaves, either."""
    idp = Waiting()
    served = Served(server.serve(idp, routes={"/_kit/*": lambda _: Response(status=200)}), idp)
    peer = Peer(served.listener.port)
    peer.send(post())
    assert idp.asked.wait(PATIENCE)
    peer.send(get("/_kit/state") + get("/none"))
    reset(peer.socket)
    idp.allowed.set()

    served.entries(2)
    served.listener.close()
    assert [each.request.path for each in idp.journal.exchanges] == ["/identity/connect/token", "/none"]


def test_who_pipelines_fast_is_read_in_measure(server: Server) -> None:
    """Of megabytes that were sent ahead no more waits here than one read over what is enough; all are answered."""
    served = serve(server)
    waiting = [0]
    served.idp.journal.subscribe(
        lambda _: waiting.append(sum(len(each._ahead) for each in served.listener._connections))  # type: ignore[attr-defined,misc]  # what waits is asked of its insides
    )
    sent = get("/none", LONG) * 1499 + get("/none", "Connection: close", LONG)
    with served.peer() as peer:
        sender = threading.Thread(target=peer.send, args=(sent,))
        sender.start()
        answers = peer.rest()
        sender.join()

    assert answers.count(b"HTTP/1.1 404 ") == 1500
    assert 0 < max(waiting) <= 64 * 1024 + 256 * 1024 < len(sent) / 5


def test_who_takes_no_answers_is_answered_no_further(server: Server) -> None:
    """Also one that sends each request for itself: what cannot be sent off does not pile up."""
    large = Fault(endpoint=Kind.API, status=200, body=b"y" * 1_000_000)
    served = serve(server, large)
    arrived = threading.Event()
    served.idp.journal.subscribe_arrivals(arrived.set)
    asked = 0
    with served.peer() as peer:
        while arrived.wait(0.2) or not asked:
            arrived.clear()
            peer.send(get("/api"))
            asked += 1
            assert asked < 50
        assert len(served.idp.journal) < asked
        answers = peer.send(get("/api", "Connection: close")).rest()

    assert answers.count(b"HTTP/1.1 200 ") == asked + 1
