"""Which hosts are this machine."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a host name or address stays on this machine."""
    return host == "localhost" or host.endswith(".localhost") or is_loopback_address(host)


def is_loopback_address(host: str) -> bool:
    """Whether a host is a loopback address, which may name its interface: fe80::1%lo0."""
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
