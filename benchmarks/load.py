"""A load generator: kept connections that send the same request over and over, counted and timed."""

import selectors
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Load:
    """The result of a load: answers a second, and how many were not 200 or got lost."""

    per_second: float
    answers: int
    errors: int


Body = Callable[[bytes | None], bytes]


@dataclass
class _Peer:
    connection: socket.socket
    received: bytearray = field(default_factory=bytearray)


def request_bytes(url: str, body: bytes) -> bytes:
    """Write a form POST by hand, so that the client costs as little as possible."""
    parts = urlsplit(url)
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def run_load(url: str, next_body: Body, *, connections: int = 8, seconds: float = 3.0) -> Load:
    """Keep so many connections busy for so long; `next_body` makes each body from the connection's last answer."""
    answers = errors = 0
    started = time.perf_counter()
    with _connected(url, connections) as (selector, peers):
        for peer in peers:
            peer.connection.sendall(request_bytes(url, next_body(None)))
        while time.perf_counter() < started + seconds:
            for peer, answer in _answered(selector, 1.0):
                answers += 1
                errors += not answer.startswith(b"HTTP/1.1 200 ")
                peer.connection.sendall(request_bytes(url, next_body(answer)))
        elapsed = time.perf_counter() - started
    return Load(answers / elapsed, answers, errors)


def run_paced(
    url: str, requests: Sequence[bytes], *, rate: int, connections: int = 64, seconds: float = 5.0
) -> list[float]:
    """Send so many of these a second, answered or not; give how long each took from when it was due.

    A request that waits for a free connection counts that time as well.
    """
    due: dict[socket.socket, float] = {}
    spent: list[float] = []
    with _connected(url, connections) as (selector, free):
        began, sent, count = time.perf_counter(), 0, int(rate * seconds)
        while len(spent) < count:
            now = time.perf_counter()
            while free and sent < count and began + sent / rate <= now:
                peer = free.pop()
                due[peer.connection] = began + sent / rate
                peer.connection.sendall(requests[sent % len(requests)])
                sent += 1
            wait = max(began + sent / rate - time.perf_counter(), 0) if free else 1.0
            for peer, _ in _answered(selector, wait):
                spent.append(time.perf_counter() - due[peer.connection])
                free.append(peer)
    return spent


@contextmanager
def _connected(url: str, count: int) -> Iterator[tuple[selectors.DefaultSelector, list[_Peer]]]:
    """Hold so many connections open in the block."""
    parts = urlsplit(url)
    with selectors.DefaultSelector() as selector, ExitStack() as stack:
        peers = []
        for _ in range(count):
            connection = stack.enter_context(socket.create_connection((parts.hostname or "", parts.port or 80)))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            peers.append(_Peer(connection))
            selector.register(connection, selectors.EVENT_READ, peers[-1])
        yield selector, peers


def _answered(selector: selectors.DefaultSelector, wait: float) -> Iterator[tuple[_Peer, bytes]]:
    """Read what has come, and give the connections whose answer is whole."""
    for key, _ in selector.select(wait):
        peer: _Peer = key.data
        peer.received += peer.connection.recv(65536)
        answer = _whole(peer.received)
        if answer is not None:
            peer.received.clear()
            yield peer, answer


def _whole(data: bytearray) -> bytes | None:
    head, separator, body = bytes(data).partition(b"\r\n\r\n")
    if not separator:
        return None
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        return bytes(data) if body.endswith(b"0\r\n\r\n") else None
    length = int(lowered.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
    return bytes(data) if len(body) >= length else None
