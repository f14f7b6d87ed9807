"""How a response becomes bytes, and how they leave: framing as Kestrel's, delay, drip, cut, reset, silence."""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

from fake_idp.wire import Delivery, Ending, Headers, Request, Response

BODILESS = frozenset({204, 304})
_OWN_FRAMING = ("content-length", "transfer-encoding")
_LAST_CHUNK = b"0\r\n\r\n"
# ASP.NET's words; Python's differ from it, and from one version of Python to the next.
_REASONS = {413: "Payload Too Large", 414: "URI Too Long", 416: "Range Not Satisfiable", 422: "Unprocessable Entity"}
# The fields that Kestrel knows, in the order in which it writes them; all others follow as they were set.
_KNOWN = """content-length connection content-type date server accept-ranges access-control-allow-credentials
access-control-allow-headers access-control-allow-methods access-control-allow-origin access-control-expose-headers
access-control-max-age age allow alt-svc cache-control content-encoding content-language content-location content-md5
content-range etag expires grpc-encoding keep-alive last-modified location pragma proxy-authenticate proxy-connection
retry-after set-cookie trailer transfer-encoding upgrade vary via warning www-authenticate"""
_PLACES = {name: place for place, name in enumerate(_KNOWN.split())}
# SO_LINGER on, with no time: close() then sends RST instead of FIN.
_NO_LINGER = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Frame:
    """The bytes of a response in the portions that leave one by one; `keep`: the connection stays usable after them."""

    portions: tuple[bytes, ...] = field(repr=False)
    keep: bool


def frame(request: Request, response: Response, *, now: float, close: bool = False) -> Frame:
    """Lay a response out for the peer that sent the request; `now` is seconds since the epoch, for the Date."""
    delivery, headers = response.delivery, response.headers
    body = b"" if request.method == "HEAD" or response.status in BODILESS else response.body
    own_framing, own_length = any(name in headers for name in _OWN_FRAMING), headers.get("content-length")
    chunked = delivery.chunked and request.http_version != "1.0" and not own_framing and body != b""
    # After a length that is wrong on purpose, or a body without any length, the peer is out of step.
    unframed = (own_framing and own_length != str(len(body))) or (
        delivery.chunked and not chunked and not own_framing and body != b""
    )
    close = close or unframed or delivery.ending is not Ending.COMPLETE or not _keeps(request)
    close = close or (headers.get("connection") or "").lower() == "close"
    # For a HEAD answer without a body, the length that the body would have had is unknown.
    bodiless = response.status in BODILESS or (request.method == "HEAD" and not response.body)
    framed = own_framing or chunked or unframed or bodiless
    head = _head(
        status=response.status,
        reason=response.reason,
        headers=headers,
        length=None if framed else len(response.body),
        # A client of 1.0 that asked for it must be told, or it waits for the end (RFC 9112 C.2.2).
        connection="close" if close else "keep-alive" if request.http_version == "1.0" else "",
        second=int(now),
        chunked=chunked,
    )
    portions = _portions(body, delivery, chunked=chunked)
    portions[0] = head + portions[0]
    return Frame(tuple(portions), keep=not close)


# Answers repeat themselves, and writing a head takes longer than everything else here.
@lru_cache(maxsize=256)
def _head(
    *, status: int, reason: str, headers: Headers, length: int | None, connection: str, second: int, chunked: bool
) -> bytes:
    fields = list(headers)
    if length is not None:
        fields.append(("Content-Length", str(length)))
    if connection and "connection" not in headers:
        fields.append(("Connection", connection))
    if "date" not in headers:
        fields.append(("Date", formatdate(second, usegmt=True)))
    if "server" not in headers:
        fields.append(("Server", "Kestrel"))
    if chunked:
        fields.append(("Transfer-Encoding", "chunked"))
    fields.sort(key=lambda field: _PLACES.get(field[0].lower(), len(_PLACES)))
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"HTTP/1.1 {status} {reason or _reason(status)}\r\n{lines}\r\n".encode("latin-1", "replace")


def _portions(body: bytes, delivery: Delivery, *, chunked: bool) -> list[bytes]:
    whole = delivery.ending is Ending.COMPLETE
    sent = body if whole or delivery.after is None else body[: delivery.after]
    size = _portion_size(sent, delivery)
    pieces = [sent[start : start + size] for start in range(0, len(sent), size)] or [sent]
    if chunked:
        pieces = [chunk(piece) if piece else b"" for piece in pieces]
        if whole:
            pieces[-1] += _LAST_CHUNK
    return pieces


def chunk(piece: bytes) -> bytes:
    """Lay out a piece of a body whose length is not known yet (RFC 9112 7.1)."""
    return b"%x\r\n%b\r\n" % (len(piece), piece)


def _portion_size(sent: bytes, delivery: Delivery) -> int:
    return max(delivery.drip_bytes, 1) if delivery.drip else max(len(sent), 1)


def broken_off(response: Response, portions: int) -> Response | None:
    """Give the part of a response that had left after so many portions, when it was aborted; None if nothing had."""
    delivery = response.delivery
    if not portions:
        return None
    sent = portions * _portion_size(response.sent, delivery)
    if sent >= len(response.sent) and delivery.ending is not Ending.COMPLETE:
        return response
    return replace(response, delivery=replace(delivery, ending=Ending.LEFT, after=min(sent, len(response.sent))))


def _keeps(request: Request) -> bool:
    # RFC 9112 9.3: 1.1 persists unless told otherwise, 1.0 does not unless asked.
    options: set[str] = set()
    if "connection" in request.headers:
        values = request.headers.get_all("connection")
        options = {option.strip().lower() for value in values for option in value.split(",")}
    return "close" not in options if request.http_version == "1.1" else "keep-alive" in options


def _reason(status: int) -> str:
    try:
        return _REASONS.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return ""


async def perform(
    write: Callable[[bytes], None], laid: Frame, delivery: Delivery, before_last: Callable[[], None]
) -> None:
    """Send as much of a response as is to leave; call `before_last` before the last byte of a complete one.

    Never returns from silence: cancelled when the peer leaves or the server closes.
    """
    if delivery.delay:
        await asyncio.sleep(delivery.delay)
    portions = () if delivery.silent else laid.portions
    now = asyncio.get_running_loop().time
    started = now()
    for index, portion in enumerate(portions):
        if index:
            # By the clock: on a busy machine each pause is longer than asked for, and a client's timeout is over.
            await asyncio.sleep(max(started + index * delivery.drip - now(), 0))
        if delivery.ending is Ending.COMPLETE and index == len(portions) - 1:
            before_last()
        write(portion)
    if delivery.ending is Ending.NEVER:
        await asyncio.get_running_loop().create_future()


def reset(transport: asyncio.WriteTransport) -> None:
    """End a connection with TCP RST."""
    line: socket.socket | None = transport.get_extra_info("socket")
    # The peer may have ended it meanwhile.
    with suppress(OSError):
        if line is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()


def end_side(transport: asyncio.WriteTransport) -> None:
    """End our side of a connection and go on reading, unless the peer has reset it meanwhile."""
    if transport.can_write_eof():
        with suppress(OSError):
            transport.write_eof()
