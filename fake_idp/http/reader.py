"""Bytes into one request: h11 reads it, and if h11 refuses it, what was sent is kept nevertheless."""

import re
from dataclasses import dataclass, field, replace
from http import HTTPStatus

import h11

from fake_idp.http.plain_head import (
    BLANK_LINE,
    LONGEST,
    TOO_FREE,
    PlainHead,
    headers_of,
    read_again,
    read_head,
    text_of,
)
from fake_idp.http.salvage import refusal, salvage, stand_in
from fake_idp.wire import Request

_VERSIONS = frozenset({b"1.1", b"1.0"})
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_HEAD_TOO_LONG = 431
# Bytes. Each request hands back what follows it in its portion, which is copied, so portions are small.
_PORTION = 8 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What the bytes were: a request, or none; `refusal` is the status that refuses it, 0 if it is valid.

    `rest` is what came after it; `whole` is false while more of it is still to come.
    """

    request: Request | None = None
    refusal: int = 0
    reason: str = ""
    rest: bytes = field(default=b"", repr=False)
    whole: bool = True


class RequestReader:
    """Reads one request; `head_limit` and `body_limit` are bytes."""

    def __init__(self, *, scheme: str, head_limit: int, body_limit: int) -> None:
        """Expect a request from its first byte."""
        self._scheme = scheme
        self._head_limit, self._body_limit = head_limit, body_limit
        self._h11 = h11.Connection(h11.SERVER, max_incomplete_event_size=head_limit)
        # The request without its body, once the head has been read by h11 or salvaged.
        self._headed: Request | None = None
        self._refusal, self._reason = 0, ""
        self._continued = False
        # Our own copy until the head is read: h11 keeps nothing of what it refuses.
        self.head = bytearray()
        self._body = bytearray()

    @property
    def begun(self) -> bool:
        """Whether anything of a request has come."""
        return bool(self.head) or self.in_body

    @property
    def in_body(self) -> bool:
        """Whether the head has been read."""
        return self._headed is not None

    def must_continue(self) -> bool:
        """Say, once, that the peer holds its body back until it gets a 100 (RFC 9110 10.1.1)."""
        asked = not self._continued and self.in_body and self._h11.they_are_waiting_for_100_continue
        self._continued |= asked
        return asked

    def request(self) -> Request:
        """Build the request from what has come; its head must have been read."""
        if self._headed is None:
            raise LookupError("the head has not been read")
        return replace(self._headed, body=bytes(self._body))

    def take(self, waiting: bytearray) -> Received | None:
        """Read from the first of the waiting bytes; what follows the request goes on waiting."""
        portion = bytes(waiting[:_PORTION])
        received = self.feed(portion)
        del waiting[: len(portion) - len(received.rest if received else b"")]
        return received

    def feed(self, data: bytes) -> Received | None:
        """Take bytes; None while the request is not whole."""
        if not self.in_body:
            if not self.head:
                # RFC 9112 2.2: empty lines before a request line are skipped; some clients end a body with one.
                data = data.lstrip(b"\r\n")
                plain = self._read_plain(data)
                if plain is not None:
                    return plain
            self.head += data
        return self._read(data) if data else None

    def _read_plain(self, data: bytes) -> Received | None:
        """Read a request that came whole, in one piece; None leaves it to be read incrementally."""
        start = data.find(BLANK_LINE, 0, LONGEST) + len(BLANK_LINE)
        head = read_head(data[:start]) if len(BLANK_LINE) <= start <= self._head_limit else None
        if head is None or len(data) < start + head.length or head.length >= self._body_limit:
            return None
        end = start + head.length
        make = PlainHead.request if head.length > LONGEST else read_again
        return Received(request=make(head, data[start:end], self._scheme), rest=data[end:])

    def _read(self, data: bytes) -> Received | None:
        self._h11.receive_data(data)
        try:
            while True:
                event = self._h11.next_event()
                if isinstance(event, h11.Data):
                    self._body += event.data
                    if len(self._body) >= self._body_limit:
                        del self._body[self._body_limit :]
                        return self._done(whole=False)
                elif isinstance(event, h11.Request):
                    self._begin(event)
                elif isinstance(event, h11.EndOfMessage):
                    return self._done(whole=True)
                else:
                    return None
        except h11.RemoteProtocolError as error:
            # The text after the colon repeats what was sent, and a report may show the reason.
            # Kestrel has no word for a coding that it does not know.
            status = 400 if error.error_status_hint == HTTPStatus.NOT_IMPLEMENTED else error.error_status_hint
            return self._refuse(status, str(error).partition(":")[0])

    def _begin(self, event: h11.Request) -> None:
        if self.in_body:
            return
        if event.http_version not in _VERSIONS:
            raise h11.RemoteProtocolError("not a version of HTTP/1", 505)
        # h11 measures a head only while it waits for the rest; one that comes in a single packet must not get through.
        end = _END_OF_HEAD.search(self.head)
        length = end.end() if end else len(self.head)
        if length > self._head_limit:
            raise h11.RemoteProtocolError("Receive buffer too long", _HEAD_TOO_LONG)
        if TOO_FREE.search(self.head, 0, length):
            raise h11.RemoteProtocolError("a field over several lines, or two lengths")
        self._headed = Request(
            method=text_of(event.method),
            target=text_of(event.target),
            headers=headers_of(event),
            http_version=text_of(event.http_version),
            scheme=self._scheme,
        )
        self.head.clear()

    def _done(self, *, whole: bool) -> Received:
        rest = self._h11.trailing_data[0] if whole else b""
        return Received(request=self.request(), refusal=self._refusal, reason=self._reason, rest=rest, whole=whole)

    def _refuse(self, status: int, reason: str) -> Received | None:
        if self.in_body:
            self._refusal, self._reason = self._refusal or status, self._reason or reason
            return self._done(whole=False)
        end = _END_OF_HEAD.search(self.head)
        head, rest = (self.head[: end.start()], self.head[end.end() :]) if end else (self.head, b"")
        self._refusal, self._reason = refusal(bytes(head), status), reason
        salvaged = salvage(bytes(head), self._scheme)
        if salvaged is None:
            return Received(refusal=self._refusal, reason=reason, whole=False)
        self._headed = salvaged
        if status == _HEAD_TOO_LONG:
            return self._done(whole=False)
        self._h11 = h11.Connection(h11.SERVER, max_incomplete_event_size=self._head_limit)
        return self._read(stand_in(salvaged) + bytes(rest))
