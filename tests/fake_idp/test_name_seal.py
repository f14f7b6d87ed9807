"""Names that do not resolve while a seal is open, and do so as before once it is closed."""

import os
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from fake_idp.system.name_seal import NameSeal, NameSealedError

NAME = "idp.product.example"


def seal(*names: str) -> NameSeal:
    return NameSeal(names or (NAME,), "use another door")


@pytest.mark.parametrize(
    "look_up",
    [
        lambda: socket.getaddrinfo(NAME, 443),
        lambda: socket.getaddrinfo(host=NAME.upper() + ".", port=443),
        lambda: socket.getaddrinfo(NAME.encode(), 443),
        lambda: socket.gethostbyname(NAME),
        lambda: socket.gethostbyname_ex(NAME),
        lambda: socket.create_connection((NAME, 443)),
        lambda: socket.socket().connect((NAME, 443)),
        lambda: socket.socket().connect_ex((NAME, 443)),
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_no_way_resolves_it(look_up: object) -> None:
    """Whatever function is asked, in whatever spelling; what was asked for is kept."""
    assert callable(look_up)
    with seal() as sealed, pytest.raises(NameSealedError, match=f"{NAME} does not resolve in this test: use another"):
        look_up()
    assert sealed.asked == [NAME]


def test_other_names_resolve() -> None:
    """This machine's above all, also by a socket that is told to connect."""
    with seal() as sealed, socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert socket.getaddrinfo("127.0.0.1", port)
        socket.create_connection(("127.0.0.1", port)).close()
    assert sealed.asked == []


def test_seals_may_overlap_in_any_order() -> None:
    """Tests of threads open and close them as they come; the last one takes everything back."""
    before = (socket.getaddrinfo, dict(vars(socket.socket)), dict(os.environ))
    first, second = seal(), seal("other.example")
    first.__enter__()
    second.__enter__()
    first.__exit__()
    with pytest.raises(NameSealedError):
        socket.getaddrinfo("other.example", 443)
    second.__exit__()
    assert (socket.getaddrinfo, dict(vars(socket.socket)), dict(os.environ)) == before
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: seal().__enter__().__exit__(), range(200)))
    assert (socket.getaddrinfo, dict(vars(socket.socket)), dict(os.environ)) == before


def test_a_patch_of_somebody_else_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who blocks sockets in the same test may do so before or after, and undo it in any order."""
    # Undone last, for `monkeypatch` would put back what it found: the seal's own function, long after it was closed.
    monkeypatch.setattr(socket, "getaddrinfo", socket.getaddrinfo)
    before = socket.getaddrinfo("127.0.0.1", 80)
    with seal():
        ours = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [])
    assert socket.getaddrinfo(NAME, 80) == []
    assert ours("127.0.0.1", 80) == before


def test_proxies_are_told_to_leave_them_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment would resolve the name itself; what stood in NO_PROXY stays."""
    monkeypatch.setenv("NO_PROXY", "mine.example")
    monkeypatch.delenv("no_proxy", raising=False)
    with seal():
        assert os.environ["NO_PROXY"] == f"mine.example,{NAME}"
        assert os.environ["no_proxy"] == NAME
    assert os.environ["NO_PROXY"] == "mine.example"
    assert "no_proxy" not in os.environ
