"""Whose host a request went to: the product's, this machine, or another one."""

from functools import lru_cache

from fake_idp.system.loopback import is_loopback

# Every environment of the product stands below it: www, test, api, apitest.
_PRODUCT = "blastiq.com"
# A client may know it by several names, and finds each service at a port of its own.
THIS_MACHINE = "this machine"


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
