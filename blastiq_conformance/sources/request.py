"""A request put together from what recordings and scripts name: a method, a URL, header fields, a body."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from fake_idp.wire import Headers, Request

Pairs = list[tuple[str, str]]


def to_request(
    method: str, url: str, headers: Pairs, body: bytes = b"", *, host: str = "", http_version: str = "1.1"
) -> Request:
    """Give the request as it stood, or would stand, on the wire; the Host header is added where it is not named.

    Raises ValueError where the URL is none.
    """
    parts = urlsplit(url)
    if field(headers, "host") is None:
        headers = [("Host", host or parts.netloc.rpartition("@")[2]), *headers]
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return Request(
        method=method,
        target=(parts.path or "/") + query + fragment,
        headers=Headers(tuple(headers)),
        body=body,
        http_version=http_version,
        scheme=parts.scheme or "http",
    )


def multipart(pairs: Pairs) -> bytes:
    """Write a multipart/form-data body whose boundary is `part`."""
    parts = (f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in pairs)
    return ("".join(parts) + "--part--\r\n").encode("utf-8", "replace")


def field(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """Give the first value of a header field that is looked for in lower case, None where it is absent."""
    length = len(name)
    for given, value in headers:
        if len(given) == length and given.lower() == name:
            return value
    return None
