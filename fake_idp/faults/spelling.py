"""Other ways to write a JSON answer: all valid, none the product's."""

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from fake_idp.oidc.replies import escaped, write
from fake_idp.wire import Headers, Json, Request, Response

# A weight of zero excludes the coding: RFC 9110 12.4.2.
_GZIP = re.compile(r"(x-)?gzip(\s*;\s*q=(?!0(\.0*)?$)[0-9.]+)?")


class Spelling(StrEnum):
    """How a JSON object is written (RFC 8259), or content-coded (only for a client that accepts it)."""

    PRETTY = "pretty"
    ESCAPED = "escaped"  # every letter of every text as \\uXXXX
    REVERSED = "reversed"
    GZIP = "gzip"


def respell(response: Response, request: Request, spelling: Spelling) -> Response:
    """Write the answer in another way; anything but a JSON object stays as it is."""
    members = response.json
    if not isinstance(members, dict):
        return response
    if spelling is Spelling.GZIP:
        return _compressed(response) if _asks_for_gzip(request) else response
    return replace(response, body=_WRITERS[spelling](members).encode())


def _asks_for_gzip(request: Request) -> bool:
    asked = ",".join(request.headers.get_all("accept-encoding")).lower().split(",")
    return any(_GZIP.fullmatch(item.strip()) for item in asked)


def _compressed(response: Response) -> Response:
    headers = Headers((*response.headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")))
    return replace(response, headers=headers, body=gzip.compress(response.body, mtime=0))


def _escaped(text: str) -> str:
    return f'"{escaped(text.encode("utf-16-be", "surrogatepass").hex())}"'


_WRITERS: dict[Spelling, Callable[[dict[str, Json]], str]] = {
    Spelling.PRETTY: lambda members: "\r\n" + json.dumps(members, indent="\t") + "\n",
    Spelling.ESCAPED: lambda members: write(members, _escaped),
    Spelling.REVERSED: lambda members: json.dumps(dict(reversed(members.items())), separators=(",", ":")),
}
