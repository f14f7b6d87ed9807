"""What can still be read of a head that is not valid HTTP: request line and fields. Never raises."""

import re
from collections.abc import Iterator

from fake_idp.wire import Headers, Request

# The target may hold anything here, spaces and 8-bit bytes too: rules look for what a client sent.
_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) (.+) HTTP/(\d\.\d)", re.DOTALL)
# To Kestrel any eight characters are a version, and all but two of them are none that it knows.
OTHER_VERSION = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ [^\s?%]\S* +(?!HTTP/1\.[01])[^\r\n]{8}\r?\n")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:(.*)", re.DOTALL)
_FRAMING = frozenset({"content-length", "transfer-encoding", "expect"})


def salvage(head: bytes, scheme: str = "http") -> Request | None:
    """Read the request line and the fields that follow; None if the first line is not a request line."""
    lines = re.split(rb"\r?\n", head)
    line = _REQUEST_LINE.fullmatch(lines[0])
    if line is None:
        return None
    method, target, version = (part.decode("latin-1") for part in line.groups())
    headers = Headers(tuple(_fields(lines[1:])))
    return Request(method=method, target=target, headers=headers, http_version=version, scheme=scheme)


def _fields(lines: list[bytes]) -> Iterator[tuple[str, str]]:
    name, value = "", ""
    for line in lines:
        field = _FIELD.fullmatch(line)
        if field is None:
            # A line that is not a field belongs to the value above it: Base64 with line breaks in Authorization.
            value += "\n" + line.decode("latin-1")
            continue
        if name:
            yield name, value
        name, value = field[1].decode("latin-1"), field[2].strip(b" \t").decode("latin-1")
    if name:
        yield name, value.rstrip("\n")


def stand_in(request: Request) -> bytes:
    """Write a valid head with the framing of a broken one, so that its body can still be read."""
    fields = [
        f"{name}: {value}\r\n" for name, value in request.headers if name.lower() in _FRAMING and "\n" not in value
    ]
    return f"POST / HTTP/1.1\r\nHost: salvage\r\n{''.join(fields)}\r\n".encode("latin-1")
