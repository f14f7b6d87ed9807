"""Where a request went: over which scheme, to which host; and whether that is more than this machine."""

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
    """Whether it is plain http, and leads away from this machine; where no host is known, it is not said to."""
    try:
        scheme, host, _ = origin_of(url)
    except ValueError:
        return False
    # `{{authority}}` is a variable of a script that nobody filled in: what it stands for may well begin with https.
    return scheme == "http" and bool(host) and "{{" not in host and not is_loopback(host)


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Give scheme, host and port; raises ValueError where there is no such URL.

    A usual port may be named or not, and a full name may end in a dot (RFC 9110 4.2.3, RFC 3986 3.2.2).
    """
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").removesuffix("."), parts.port or _PORTS.get(parts.scheme)


def is_same_origin(url: str, other: str) -> bool:
    """Whether two URLs have scheme, host and port in common, however they spell them."""
    try:
        return origin_of(url) == origin_of(other)
    except ValueError:
        return url.lower() == other.lower()
