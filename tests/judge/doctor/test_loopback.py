"""Whether a program reaches a fake on this machine."""

import socket
from collections.abc import Sequence

import pytest

from blastiq_conformance.doctor import Status
from tests.judge.doctor.patients import Machine, check, fails


class Deaf(socket.socket):
    """A port that says something else than it should."""

    def accept(self) -> tuple[socket.socket, tuple[str, int]]:
        line, address = super().accept()
        line.sendall(b"HTTP/1")
        return line, address


def _deaf() -> socket.socket:
    port = Deaf(socket.AF_INET, socket.SOCK_STREAM)
    port.bind(("127.0.0.1", 0))
    port.listen()
    return port


def test_a_port_that_cannot_be_had_or_reached(machine: Machine) -> None:
    """Refused by the system, or answered by something else."""
    machine.replace(bind=fails)
    refused = check("loopback-port", machine)
    assert refused.status is Status.PROBLEM
    assert "Permission denied" in refused.found
    assert "firewall" in refused.advice
    machine.replace(bind=_deaf)
    other = check("loopback-port", machine)
    assert other.status is Status.PROBLEM
    assert "something answers" in other.found


@pytest.mark.parametrize(
    ("addresses", "status", "said"),
    [
        pytest.param(("127.0.0.1",), Status.OK, "resolves to 127.0.0.1", id="v4"),
        pytest.param(("127.0.0.1", "::1"), Status.OK, "127.0.0.1, ::1", id="v4-first"),
        pytest.param(("::1", "127.0.0.1"), Status.NOTE, "is missed by a client", id="v6-first"),
        pytest.param(("::1",), Status.PROBLEM, "is missed by a client", id="v6-alone"),
        pytest.param(("10.0.0.5",), Status.PROBLEM, "not this machine alone", id="elsewhere"),
        pytest.param(("127.0.0.1", "fe80::1%lo0"), Status.PROBLEM, "not this machine alone", id="link"),
        pytest.param(("nonsense",), Status.PROBLEM, "not this machine alone", id="no-address"),
        pytest.param((), Status.PROBLEM, "does not resolve", id="nothing"),
    ],
)
def test_what_localhost_stands_for(machine: Machine, addresses: Sequence[str], status: Status, said: str) -> None:
    """Another machine, nothing, or IPv6 first, where the fake on 127.0.0.1 may be missed."""
    machine.replace(resolve=lambda: addresses)
    found = check("localhost", machine)
    assert (found.status, said in found.found) == (status, True)
    assert ("127.0.0.1" in found.advice) is (status is not Status.OK)


def test_an_authority_with_localhost_on_an_ipv6_first_machine(machine: Machine) -> None:
    """Where the name is used it is a problem, in an argument and in a variable."""
    machine.replace(resolve=lambda: ("::1", "127.0.0.1"))
    url = "http://LOCALHOST:5000/identity"
    assert check("localhost", machine, ("curl", url)).status is Status.PROBLEM
    assert check("localhost", machine, MYAPP_AUTHORITY=url).status is Status.PROBLEM


def test_a_name_that_cannot_be_looked_up(machine: Machine) -> None:
    """The resolver's own words are passed on."""

    def resolve() -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    machine.replace(resolve=resolve)
    assert "Name or service not known" in check("localhost", machine).found


PROXY = "http://user:secret@proxy.example:3128"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_that_catches_loopback(machine: Machine, variable: str) -> None:
    """The variable is named, its value is not: it may hold a password."""
    found = check("proxy", machine, **{variable: PROXY})
    assert found.status is Status.PROBLEM
    assert variable in found.found
    assert "NO_PROXY" in found.advice
    assert "secret" not in found.found + found.advice


@pytest.mark.parametrize(
    ("exceptions", "caught"),
    [
        ("127.0.0.1,localhost", ""),
        ("localhost 127.0.0.0/8", ""),
        ("*", ""),
        (".localhost, 127.0.0.1", ""),
        ("localhost", "of 127.0.0.1 to"),
        ("127.0.0.1", "of localhost to"),
        ("example.com, 10.0.0.0/8", "of 127.0.0.1 and localhost to"),
        ("  ", "of 127.0.0.1 and localhost to"),
    ],
)
def test_exceptions_from_the_proxy(machine: Machine, exceptions: str, caught: str) -> None:
    """Names, addresses, networks and the star are understood; what is still caught is named."""
    found = check("proxy", machine, HTTP_PROXY=PROXY, NO_PROXY=exceptions)
    assert found.status is (Status.PROBLEM if caught else Status.OK)
    assert caught in found.found


def test_both_spellings_of_the_exceptions_count(machine: Machine) -> None:
    """Programs read the one or the other: where they differ, some are caught. A proxy for HTTPS does no harm."""
    both = {"NO_PROXY": "*", "no_proxy": "example.com"}
    assert check("proxy", machine, http_proxy=PROXY, **both).status is Status.PROBLEM
    assert check("proxy", machine, HTTPS_PROXY=PROXY).status is Status.OK
