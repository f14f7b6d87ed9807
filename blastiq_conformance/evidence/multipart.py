"""The fields of a multipart/form-data body, for requests that use it where the article wants a form."""

import re
from collections.abc import Iterator
from email import message_from_bytes

from fake_idp.wire import Pair, Request

# The first line is the boundary, whatever the media type says.
_BEGINNING = re.compile(rb"--([^\r\n\"]{1,70})\r?\ncontent-disposition:", re.IGNORECASE)


def is_multipart(body: bytes) -> bool:
    """Whether a body begins as multipart/form-data does."""
    return _BEGINNING.match(body) is not None


def multipart_pairs(request: Request) -> Iterator[Pair]:
    """Give each named part in order; none where the body is not multipart."""
    kind = (request.headers.get("content-type") or "").encode("latin-1", "replace")
    if begins := _BEGINNING.match(request.body):
        kind = b'multipart/form-data; boundary="' + begins[1] + b'"'
    message = message_from_bytes(b"Content-Type: " + kind + b"\r\n\r\n" + request.body)
    for part in message.get_payload() if message.is_multipart() else ():
        name = None if isinstance(part, str) else part.get_param("name", header="content-disposition")
        if isinstance(part, str) or not isinstance(name, str):
            continue
        payload = part.get_payload(decode=True)
        raw = payload if isinstance(payload, bytes) else b""
        yield Pair(name, raw.decode("utf-8", "replace"), raw, False)
