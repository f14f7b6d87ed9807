"""The fields of a multipart/form-data body, for requests that use it where the article wants a form."""

from collections.abc import Iterator
from email import message_from_bytes

from fake_idp.wire import Pair, Request


def multipart_pairs(request: Request) -> Iterator[Pair]:
    """Give each named part in order; a body that is no multipart gives none."""
    head = f"Content-Type: {request.headers.get('content-type')}\r\n\r\n".encode("latin-1", "replace")
    message = message_from_bytes(head + request.body)
    for part in message.get_payload() if message.is_multipart() else ():
        name = None if isinstance(part, str) else part.get_param("name", header="content-disposition")
        if isinstance(part, str) or not isinstance(name, str):
            continue
        payload = part.get_payload(decode=True)
        raw = payload if isinstance(payload, bytes) else b""
        yield Pair(name, raw.decode("utf-8", "replace"), raw, False)
