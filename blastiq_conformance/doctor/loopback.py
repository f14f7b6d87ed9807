"""Whether a program on this machine can reach a fake on it: the port, the name localhost, proxies."""

import ipaddress
import socket
from collections.abc import Iterable, Mapping

from blastiq_conformance.doctor.check import Check, Status, problem
from fake_idp.system.loopback import is_loopback_address

_PATIENCE = 2.0
_GREETING = b"blastiq"
# The fake speaks plain HTTP: a proxy for HTTPS alone does no harm.
_PROXIES = ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
_EXCEPTIONS = ("NO_PROXY", "no_proxy")
_HERE = ("127.0.0.1", "localhost")


def check_port() -> Check:
    """Bind a port on 127.0.0.1 and connect to it."""
    name = "loopback-port"
    try:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listening.settimeout(_PATIENCE)
            address = listening.getsockname()
            with socket.create_connection(address, _PATIENCE) as near, listening.accept()[0] as far:
                near.settimeout(_PATIENCE)
                far.sendall(_GREETING)
                heard = near.recv(len(_GREETING))
    except OSError as error:
        return problem(
            name,
            f"no port on 127.0.0.1 can be bound and reached: {error.strerror or error}.",
            "Allow connections of this machine to itself: look at the firewall, the sandbox, the container.",
        )
    if heard != _GREETING:
        return problem(
            name,
            "something answers in the place of a port on 127.0.0.1.",
            "Take this machine's own address out of what intercepts connections.",
        )
    return Check(name=name, found="a port on 127.0.0.1 can be bound and reached")


def check_localhost(words: Iterable[str]) -> Check:
    """Check what `localhost` resolves to; `words` are the arguments and variables in which it may be used."""
    name, advice = "localhost", "Use 127.0.0.1 in its place, as BLASTIQ_AUTHORITY does."
    try:
        found_at = socket.getaddrinfo("localhost", None, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(info[4][0]) for info in found_at))
    except OSError as error:
        addresses, why = [], f": {error.strerror or error}"
    else:
        why = ""
    if not addresses:
        found = f"the name does not resolve{why}."
        return problem(name, found, f"Put it into the hosts file (127.0.0.1). {advice}")
    listed = ", ".join(addresses)
    if not all(is_loopback_address(address) for address in addresses):
        found = f"the name resolves to {listed}, which is not this machine alone."
        return problem(name, found, f"Correct the hosts file. {advice}")
    if ":" not in addresses[0]:
        return Check(name=name, found=f"the name resolves to {listed}")
    found = f"the name resolves to {listed}, and a fake on 127.0.0.1 is missed by a client that tries the first alone."
    used = any("//localhost" in word.lower() for word in words)
    missed = used or not any(":" not in address for address in addresses)
    return Check(name=name, status=Status.PROBLEM if missed else Status.NOTE, found=found, advice=advice)


def check_proxies(environment: Mapping[str, str]) -> Check:
    """Check that no proxy is used for loopback addresses; its address is not shown, for it may hold a password."""
    name = "proxy"
    proxies = [variable for variable in _PROXIES if environment.get(variable, "").strip()]
    if not proxies:
        return Check(name=name, found="no proxy is set for plain HTTP")
    given = [environment[variable] for variable in _EXCEPTIONS if environment.get(variable, "").strip()]
    lists = [text.replace(",", " ").lower().split() for text in given]
    caught = [x for x in _HERE if not lists or not all(any(_matches(entry, x) for entry in each) for each in lists)]
    told = " and ".join(proxies)
    if not caught:
        return Check(name=name, found=f"{told} is set, and NO_PROXY excepts this machine")
    return problem(
        name,
        f"{told} sends calls of {' and '.join(caught)} to a proxy, which cannot reach the fake.",
        "Set NO_PROXY and no_proxy to 127.0.0.1,localhost where you start the integration yourself; "
        "`blastiq run` takes the proxy away from it.",
    )


def _matches(entry: str, host: str) -> bool:
    if entry in {"*", host, f".{host}"}:
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False
