"""Who calls through the proxy: seen when it connects, told with what it sends."""

from contextlib import closing
from pathlib import Path

import pytest

from blastiq_conformance.proxy.certificates import Certificates
from fake_idp.http.port import Address
from fake_idp.http.server import Server
from tests.fake_idp.peer import Peer, get, serve


@pytest.mark.parametrize("greeting", [b"", b"CONNECT www.blastiq.com:80 HTTP/1.1\r\n\r\n"], ids=["plain", "tunnel"])
def test_the_fake_learns_who_called_the_proxy(tmp_path: Path, greeting: bytes) -> None:
    """By the client's own end, once for each connection and before the client has said anything."""
    ends: list[tuple[Address, Address]] = []

    def name(peer: Address, here: Address) -> str:
        ends.append((peer, here))
        return f"p{peer[1]}"

    tls = Certificates(tmp_path).context()
    with Server() as server:
        served = serve(server)
        with (
            closing(server.serve(served.idp, tls=tls, identify=name, proxied=True)) as opening,
            Peer(opening.port) as peer,
        ):
            number = peer.socket.getsockname()[1]
            if greeting:
                peer.send(greeting)
                assert peer.socket.recv(39).startswith(b"HTTP/1.1 200 ")
            assert peer.send(get()).answer()[0] == 200
            assert served.exchange().client == f"p{number}"
            assert ends == [(("127.0.0.1", number), ("127.0.0.1", opening.port))]
