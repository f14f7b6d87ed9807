"""A request made of what recordings and scripts name: a method, a URL, header fields, a body."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from fake_idp.wire import Headers, Request

Pairs = list[tuple[str, str]]


def to_request(
    method: str, url: str, headers: Pairs, body: bytes = b"", *, host: str = "", http_version: str = "1.1"
) -> Request:
    """Give the request as it was or would be on the wire; a Host header is added where there is none.

    Raises ValueError where the URL is not one.
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


def claims_body(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether a Content-Length says that there is a body."""
    return bool((field(headers, "content-length") or "").strip("0 "))


def field(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """Give the first value of a header field, named in lower case; None where it is absent."""
    return next((value for given, value in headers if given.lower() == name), None)
