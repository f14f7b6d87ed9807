"""A peer that sends exactly the bytes it is told to: no HTTP client would."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from fake_idp.core import FakeIdp
from fake_idp.faults import Fault
from fake_idp.http.server import Listener, Server
from fake_idp.journal import Connection, Entry, Exchange
from fake_idp.server_config import ServerConfig, ServiceUser
from fake_idp.wire import FORM

USER = ServiceUser(username="svc", password="a b+c&d=e%f")
FORM_BODY = b"grant_type=password&username=svc&password=a+b%2Bc%26d%3De%25f&client_id=external.customer"
PATIENCE = 5.0


def post(body: bytes = FORM_BODY, *fields: str, length: int | None = None, version: str = "1.1") -> bytes:
    """Write a token request."""
    lines = ["Host: 127.0.0.1", f"Content-Type: {FORM}", *fields]
    if not any(field.startswith("Transfer-Encoding") for field in fields):
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    head = f"POST /identity/connect/token HTTP/{version}\r\n" + "\r\n".join(lines) + "\r\n\r\n"
    return head.encode("latin-1") + body


def get(path: str = "/identity/.well-known/openid-configuration", *fields: str, version: str = "1.1") -> bytes:
    """Write a GET."""
    return "\r\n".join([f"GET {path} HTTP/{version}", "Host: 127.0.0.1", *fields, "", ""]).encode("latin-1")


class Peer:
    """One connection; closed when the block ends."""

    def __init__(self, port: int) -> None:
        """Connect."""
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def send(self, data: bytes) -> Self:
        """Send, whatever becomes of it."""
        self.socket.sendall(data)
        return self

    def rest(self) -> bytes:
        """Receive until the other side closes."""
        received = b""
        while data := self.socket.recv(65536):
            received += data
        return received

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Receive one answer with a Content-Length: status, fields in lower case, body."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        while len(body) < int(fields.get("content-length", "0")):
            body += self._more()
        return int(status.split(" ")[1]), fields, body

    def _more(self) -> bytes:
        data = self.socket.recv(65536)
        assert data, "closed before the answer was whole"
        return data


@dataclass(frozen=True)
class Served:
    """A fake on a port, and a way to wait for what it records."""

    listener: Listener
    idp: FakeIdp

    def peer(self) -> Peer:
        """Connect to it."""
        return Peer(self.listener.port)

    def talk(self, data: bytes) -> bytes:
        """Send, end the own side, receive all."""
        with self.peer() as peer:
            peer.send(data).socket.shutdown(socket.SHUT_WR)
            return peer.rest()

    def entries(self, count: int = 1) -> tuple[Entry, ...]:
        """Wait until so many entries are recorded, and give all."""
        arrived = threading.Event()
        self.idp.journal.subscribe(lambda _entry: arrived.set())
        while len(self.idp.journal) < count:
            assert arrived.wait(PATIENCE), f"{len(self.idp.journal)} of {count} entries were recorded"
            arrived.clear()
        return self.idp.journal.entries

    def exchange(self) -> Exchange:
        """Wait for the first entry, which is an exchange."""
        entry = self.entries()[0]
        assert isinstance(entry, Exchange)
        return entry

    def connection(self) -> Connection:
        """Wait for the first entry, which is a connection."""
        entry = self.entries()[0]
        assert isinstance(entry, Connection)
        return entry


Serve = Callable[..., Served]


def serve(server: Server, *faults: Fault) -> Served:
    """Serve a fake that misbehaves so."""
    idp = FakeIdp(ServerConfig(users=(USER,)), faults=faults)
    return Served(server.serve(idp), idp)
