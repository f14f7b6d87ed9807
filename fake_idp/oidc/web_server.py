"""What the web server refuses before the product sees it, with an empty answer that ends the connection."""

import re

from fake_idp.lazy import kept
from fake_idp.oidc.replies import empty
from fake_idp.wire import Headers, Request, Response

# Kestrel's limits: bytes of the request line and of all fields, and how many fields.
_LONGEST_LINE = 8192
_LONGEST_FIELDS = 32_768
_MOST_FIELDS = 100
_CLOSE = ("Connection", "close")
_HOST = re.compile(r"(?:(?:[A-Za-z0-9!$&'()\-._~]+|\[[0-9A-Fa-f:.]{3,}\])(?::[0-9]+)?)?")
_AUTHORITY = re.compile(r"[A-Za-z0-9:.\-\[\]@]+")
_ABSOLUTE = re.compile(r"(https?)://(?:[^/?@]*@)?([^/?@]+)")
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def refuse(request: Request, *, proxied: bool = False) -> Response | None:
    """Refuse what Kestrel refuses of a request that is HTTP; None if it takes the request.

    `proxied`: it was sent to a proxy, which takes the host from the target, whatever the field says (RFC 9112 3.2.2).
    """
    status = _problem(request) or (0 if proxied else _other_host(request))
    if not status:
        return None
    allowed = (("Allow", "OPTIONS" if request.target == "*" else "CONNECT"),) if status == 405 else ()
    return empty(status, _CLOSE, *allowed)


@kept
def _problem(request: Request) -> int:
    status = _line_problem(request) or _fields_problem(request.headers)
    if not status and request.http_version == "1.0" and request.method in {"POST", "PUT"} and not request.body:
        # Of 1.0 nobody can tell where a body without a length ends. Recordings may leave out the length of one.
        status = 0 if "content-length" in request.headers or "transfer-encoding" in request.headers else 400
    return status


def _line_problem(request: Request) -> int:
    target = request.target
    if len(request.method) + len(target) + len("  HTTP/1.1\r\n") > _LONGEST_LINE:
        return 414
    if target.startswith("/"):
        return 400 if "%00" in target.partition("?")[0] else 0
    if target == "*":
        return 0 if request.method == "OPTIONS" else 405
    if target.startswith(("http://", "https://")):
        return 0 if _ABSOLUTE.match(target) else 400
    # What is left can only be meant for a proxy.
    if not _AUTHORITY.fullmatch(target):
        return 400
    return 0 if request.method == "CONNECT" else 405


def _fields_problem(headers: Headers) -> int:
    size = 0
    for name, value in headers.raw:
        size += len(name) + len(value) + len(": \r\n")
        if not value.isascii() and not _is_utf_8(value):
            return 400
    if size > _LONGEST_FIELDS or len(headers.raw) > _MOST_FIELDS:
        return 431
    lengths, hosts = headers.get_all("content-length"), headers.get_all("host")
    if len(lengths) > 1 or not all(map(str.isdecimal, lengths)):
        return 400
    return 0 if len(hosts) < 2 and all(map(_HOST.fullmatch, hosts)) else 400


def _is_utf_8(value: str) -> bool:
    try:
        value.encode("latin-1").decode()
    except UnicodeError:
        return False
    return True


def _other_host(request: Request) -> int:
    host = request.headers.get("host")
    if host is None or request.target.startswith(("/", "*")):
        return 0
    absolute = _ABSOLUTE.match(request.target)
    if absolute is None:
        # CONNECT names a host and a port, and nothing else.
        return 0 if host == request.target else 400
    scheme, authority = absolute.groups()
    default = _DEFAULT_PORTS[scheme]
    bare = authority.lower().removesuffix(default)
    known = {bare} if bare.rpartition("]")[2].count(":") else {bare, bare + default}
    return 0 if host in known else 400
