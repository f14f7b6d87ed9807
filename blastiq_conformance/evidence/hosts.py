"""Where a request went: its origin, and whose host that is: the product's, this machine, or another one."""

from functools import lru_cache
from urllib.parse import urlsplit

from fake_idp.system.loopback import is_loopback
from fake_idp.wire import Request

# Every environment of the product stands below it: www, test, api, apitest.
_PRODUCT = "blastiq.com"
# A client may know it by several names, and finds each service at a port of its own.
THIS_MACHINE = "this machine"
_PORTS = {"http": 80, "https": 443}


# A long recording goes to few hosts.
@lru_cache(maxsize=1024)
def host_of(netloc: str) -> str:
    """Normalise a host: without user, default port and final dot; all names of this machine are one."""
    host = netloc.rpartition("@")[2].lower()
    name = _name(host)
    if is_loopback(name.strip("[]")):
        return THIS_MACHINE
    port = host[len(name) :].lstrip(".")
    return name if port in {"", ":", ":80", ":443"} else name + port


def is_product(host: str) -> bool:
    """Whether a host is the product's."""
    name = _name(host)
    return name == _PRODUCT or name.endswith(f".{_PRODUCT}")


def is_product_api(host: str) -> bool:
    """Whether it is one of the product's hosts that serve only the API."""
    return is_product(host) and host.startswith("api")


def is_open(host: str) -> bool:
    """Whether the host is unknown: the request names none, or a variable that nobody filled in."""
    return not host or "{{" in host


def _name(host: str) -> str:
    # The colons of an IPv6 address stand in brackets.
    name, colon, port = host.rpartition(":")
    name = name if colon and "]" not in port else host
    return name.removesuffix(".")


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
