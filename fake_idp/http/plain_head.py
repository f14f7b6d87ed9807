"""A plain request, read by h11 once and cached: clients on kept connections repeat themselves, head and body."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

import h11

from fake_idp.wire import Headers, Request

BLANK_LINE = b"\r\n\r\n"
# h11 takes a field over several lines (RFC 9112 5.2) and a length that is given twice; Kestrel takes neither.
TOO_FREE = re.compile(rb"\n[ \t]|\ncontent-length:[^\n]*(?:,|\n(?:[^\n]+\n)*?content-length:)", re.IGNORECASE)
# Bytes; a longer request is read but not cached.
LONGEST = 2048
_NOT_PLAIN = frozenset({b"transfer-encoding", b"expect", b"upgrade"})


# Compared by identity: the cache gives the same head again.
@dataclass(frozen=True, slots=True, eq=False)
class PlainHead:
    """A head of HTTP/1.1 that states how many bytes of body follow: `length`."""

    method: str
    target: str = field(repr=False)
    headers: Headers
    length: int

    def request(self, body: bytes, scheme: str) -> Request:
        """Give the request with this head."""
        return Request(method=self.method, target=self.target, headers=self.headers, body=body, scheme=scheme)


@lru_cache(maxsize=256)
def read_head(data: bytes) -> PlainHead | None:
    """Read a head, its blank line included; None if it is invalid, or if more than a length frames the body."""
    reading = h11.Connection(h11.SERVER)
    reading.receive_data(data)
    try:
        event = reading.next_event()
    except h11.RemoteProtocolError:
        return None
    # For h11, a head may also end earlier, at bare line feeds.
    if not isinstance(event, h11.Request) or TOO_FREE.search(data) or reading.trailing_data[0]:
        return None
    fields = dict(event.headers)
    if event.http_version != b"1.1" or event.method == b"CONNECT" or not fields.keys().isdisjoint(_NOT_PLAIN):
        return None
    length = int(fields.get(b"content-length", 0))
    return PlainHead(text_of(event.method), text_of(event.target), headers_of(event), length)


def headers_of(event: h11.Request) -> Headers:
    """Give the fields in wire order and spelling."""
    return Headers(tuple([(text_of(name), text_of(value)) for name, value in event.headers.raw_items()]))


def text_of(data: bytes) -> str:
    """Decode bytes of a head: latin-1 loses none."""
    return data.decode("latin-1")


# The same request again is the same object, so what has been parsed of it is there already.
read_again = lru_cache(maxsize=256)(PlainHead.request)
