"""A load generator: kept connections that send the same request over and over, counted and timed."""

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Load:
    """What a run of load came to: answers a second, and what was not 200 or got lost."""

    per_second: float
    answers: int
    errors: int


Body = Callable[[bytes | None], bytes]


@dataclass
class _Peer:
    connection: socket.socket
    received: bytearray = field(default_factory=bytearray)
    last: bytes | None = None


def request_bytes(url: str, body: bytes) -> bytes:
    """Write a form POST by hand, so that the client costs as little as can be."""
    parts = urlsplit(url)
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def run_load(url: str, next_body: Body, *, connections: int = 8, seconds: float = 3.0) -> Load:
    """Keep so many connections busy for so long; `next_body` makes each body from the connection's last answer."""
    parts = urlsplit(url)
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        connection = socket.create_connection((parts.hostname or "", parts.port or 80))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer = _Peer(connection)
        connection.sendall(request_bytes(url, next_body(None)))
        selector.register(connection, selectors.EVENT_READ, peer)
    answers = errors = 0
    started = time.perf_counter()
    deadline = started + seconds
    while time.perf_counter() < deadline:
        for key, _ in selector.select(1.0):
            peer = key.data
            peer.received += peer.connection.recv(65536)
            answer = _whole(peer.received)
            if answer is None:
                continue
            answers += 1
            errors += not answer.startswith(b"HTTP/1.1 200 ")
            peer.last = answer
            peer.received.clear()
            peer.connection.sendall(request_bytes(url, next_body(answer)))
    elapsed = time.perf_counter() - started
    for key in list(selector.get_map().values()):
        key.data.connection.close()
    selector.close()
    return Load(answers / elapsed, answers, errors)


def run_paced(
    url: str, requests: Sequence[bytes], *, rate: int, connections: int = 64, seconds: float = 5.0
) -> list[float]:
    """Offer so many of these a second, whether they are answered or not; give how long each took from when it was due.

    Where no connection is free a request waits for one, which is a part of what it takes.
    """
    parts = urlsplit(url)
    selector = selectors.DefaultSelector()
    free: list[_Peer] = []
    due: dict[socket.socket, float] = {}
    spent: list[float] = []
    for _ in range(connections):
        connection = socket.create_connection((parts.hostname or "", parts.port or 80))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        free.append(_Peer(connection))
        selector.register(connection, selectors.EVENT_READ, free[-1])
    began, sent, count = time.perf_counter(), 0, int(rate * seconds)
    while len(spent) < count:
        now = time.perf_counter()
        while free and sent < count and began + sent / rate <= now:
            peer = free.pop()
            due[peer.connection] = began + sent / rate
            peer.connection.sendall(requests[sent % len(requests)])
            sent += 1
        for key, _ in selector.select(max(began + sent / rate - time.perf_counter(), 0) if free else 1.0):
            peer = key.data
            peer.received += peer.connection.recv(65536)
            if _whole(peer.received) is not None:
                spent.append(time.perf_counter() - due[peer.connection])
                peer.received.clear()
                free.append(peer)
    for key in list(selector.get_map().values()):
        key.data.connection.close()
    selector.close()
    return spent


def _whole(data: bytearray) -> bytes | None:
    head, separator, body = bytes(data).partition(b"\r\n\r\n")
    if not separator:
        return None
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        return bytes(data) if body.endswith(b"0\r\n\r\n") else None
    length = int(lowered.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
    return bytes(data) if len(body) >= length else None
