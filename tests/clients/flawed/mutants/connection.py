"""As much of HTTP/1.1 as the core needs; to import http.client takes half of the time that a mutant runs."""

import socket
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from ssl import SSLContext

_TOO_LONG = 65_536


class GarbledError(Exception):
    """What came is no answer, or a part of one."""


class Response:
    """An answer, read to its end."""

    def __init__(self, stream: BinaryIO) -> None:
        self.status = 100
        while self.status == 100:
            self.status = _status(_line(stream))
            self.headers = dict(_headers(stream))
        self.body = b"" if self.status in {204, 304} else b"".join(self._pieces(stream))

    def _pieces(self, stream: BinaryIO) -> Iterator[bytes]:
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            while size := _number(_line(stream).partition(b";")[0], 16):
                yield _exactly(stream, size)
                _exactly(stream, 2)
            dict(_headers(stream))
        elif self.headers.get("content-length", "").isdecimal():
            yield _exactly(stream, int(self.headers["content-length"]))
        else:
            yield stream.read()


class Connection:
    """One request and its answer, in the clear or within TLS, straight to a host or through a proxy."""

    def __init__(self, origin: str, *, timeout: float | None, proxy: str, context: "SSLContext | None") -> None:
        parts = urlsplit(origin)
        self.host, self.prefix = parts.netloc, "" if context or not proxy else origin
        port = parts.port or (443 if context else 80)
        to = urlsplit(f"//{proxy}") if proxy else parts
        self.socket = socket.create_connection((to.hostname, to.port or port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            if proxy:
                self._tunnel(f"{parts.hostname}:{port}")
            self.socket = context.wrap_socket(self.socket, server_hostname=parts.hostname)

    def _tunnel(self, host: str) -> None:
        self.socket.sendall(f"CONNECT {host} HTTP/1.0\r\n\r\n".encode())
        # A byte at a time, for what follows the answer is TLS.
        with self.socket.makefile("rb", buffering=1) as stream:
            status = _status(_line(stream))
            dict(_headers(stream))
        if status != 200:
            raise OSError(f"the proxy answered {status}")

    def request(self, method: str, target: str, body: bytes, headers: Iterable[tuple[str, str]]) -> Response:
        if any(character <= " " or character == "\x7f" for character in target):
            raise GarbledError("a character that no address may have")
        fields = [("Host", self.host), ("Accept-Encoding", "identity")]
        if body or method == "POST":
            fields.append(("Content-Length", str(len(body))))
        lines = [f"{name}: {value}\r\n".encode("latin-1") for name, value in (*fields, *headers)]
        self.socket.sendall(
            f"{method} {self.prefix}{target} HTTP/1.1\r\n".encode("ascii") + b"".join(lines) + b"\r\n" + body
        )
        with self.socket.makefile("rb") as stream:
            return Response(stream)

    def close(self) -> None:
        self.socket.close()


def _line(stream: BinaryIO) -> bytes:
    line = stream.readline(_TOO_LONG)
    if len(line) == _TOO_LONG:
        raise GarbledError("a line without an end")
    return line.rstrip(b"\r\n")


def _status(line: bytes) -> int:
    if not line:
        raise ConnectionResetError("the connection was closed without an answer")
    version, _, rest = line.partition(b" ")
    if not version.startswith(b"HTTP/"):
        raise GarbledError("an answer that is not HTTP")
    return _number(rest[:3], 10)


def _headers(stream: BinaryIO) -> Iterator[tuple[str, str]]:
    while line := _line(stream):
        name, _, value = line.decode("latin-1").partition(":")
        yield name.lower(), value.strip()


def _number(digits: bytes, base: int) -> int:
    try:
        return int(digits, base)
    except ValueError:
        raise GarbledError("a number that is none") from None


def _exactly(stream: BinaryIO, size: int) -> bytes:
    read = stream.read(size)
    if len(read) < size:
        raise GarbledError(f"{len(read)} bytes of {size}")
    return read
