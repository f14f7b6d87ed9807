"""The inode of the socket at the other end: asked of the kernel, or read from its list."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from blastiq_conformance.runner import callers
from blastiq_conformance.runner.callers import inode_of
from fake_idp.http import far_end

pytestmark = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads what Linux alone tells")


@pytest.fixture(params=[socket.AF_INET, socket.AF_INET6], ids=["IPv4", "IPv4 as a JVM speaks it"])
def ends(request: pytest.FixtureRequest) -> Iterator[tuple[socket.socket, socket.socket]]:
    """A client's socket, and the one that was accepted for it."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        client = stack.enter_context(socket.socket(request.param))
        mapped = "::ffff:" if request.param == socket.AF_INET6 else ""
        client.connect((f"{mapped}127.0.0.1", listening.getsockname()[1]))
        yield client, stack.enter_context(listening.accept()[0])


@pytest.fixture(params=["asked", "read"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways; some sandboxes answer no question."""
    if request.param == "read":
        monkeypatch.setattr(callers, "_SOCK_DIAG", 1 << 20)


@pytest.mark.usefixtures("way")
def test_a_peer_is_found(ends: tuple[socket.socket, socket.socket]) -> None:
    """By both its ends: the inode is the client's own, not that of the socket that accepted it."""
    client, accepted = ends
    peer, here = accepted.getpeername(), accepted.getsockname()
    assert f"socket:[{inode_of(peer, here)}]" == str(Path(f"/proc/self/fd/{client.fileno()}").readlink())
    assert f"socket:[{inode_of(here, peer)}]" == str(Path(f"/proc/self/fd/{accepted.fileno()}").readlink())


@pytest.mark.usefixtures("way")
def test_who_is_not_there_has_none(ends: tuple[socket.socket, socket.socket]) -> None:
    """Another pair of ends, or one that is not an address of this kind."""
    here = ends[1].getsockname()
    assert inode_of(("127.0.0.1", 9), here) == 0
    assert inode_of(("::1", 9), here) == 0


def test_another_platform_tells_nothing(
    ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No question that could be asked, and no list."""
    monkeypatch.delattr(socket, "AF_NETLINK")
    monkeypatch.setattr(far_end, "_TABLES", (tmp_path / "tcp",))
    assert inode_of(ends[1].getpeername(), ends[1].getsockname()) == 0
