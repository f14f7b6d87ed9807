"""Where a request went: its scheme and host, and whether it left this machine."""

from functools import lru_cache
from urllib.parse import urlsplit

from fake_idp.system.loopback import is_loopback
from fake_idp.wire import Request

_PORTS = {"http": 80, "https": 443}


def is_secure(request: Request) -> bool:
    """Whether it came over TLS."""
    return request.origin.startswith("https://")


# A long recording goes to few places.
@lru_cache(maxsize=256)
def is_plain_abroad(url: str) -> bool:
    """Whether it is plain http and leads away from this machine; not where the host is not known."""
    try:
        scheme, host, _ = origin_of(url)
    except ValueError:
        return False
    # `{{authority}}` is an unfilled variable of a script: its value may well begin with https.
    return scheme == "http" and bool(host) and "{{" not in host and not is_loopback(host)


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Give scheme, host and port; raises ValueError for an invalid URL.

    A default port may be named or not, and a full name may end in a dot (RFC 9110 4.2.3, RFC 3986 3.2.2).
    """
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").removesuffix("."), parts.port or _PORTS.get(parts.scheme)


def is_same_origin(url: str, other: str) -> bool:
    """Whether two URLs have the same scheme, host and port, however they are spelt."""
    try:
        return origin_of(url) == origin_of(other)
    except ValueError:
        return url.lower() == other.lower()
