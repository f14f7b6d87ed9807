"""Where `blastiq serve` listens and what it announces: by options, and by the environment of a container."""

import socket

import httpx
import pytest

from tests.judge.cli.serving import serving
from tests.judge.cli.shell import called


def test_another_container_calls_it_by_the_address_that_is_announced(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issuer, endpoints and control surface go by it, whatever name leads here."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("BLASTIQ_SERVE_HOST", "127.0.0.1")
    monkeypatch.setenv("BLASTIQ_SERVE_PORT", str(port))
    monkeypatch.setenv("BLASTIQ_SERVE_PUBLIC_URL", "https://blastiq.test:8443/")
    with serving(tmp_path_factory.mktemp("serve")) as (_, told):
        origin, addresses = f"http://127.0.0.1:{port}", set()
        for host in ("blastiq.test:8443", "127.0.0.1", "other.example"):
            document = httpx.get(f"{origin}/identity/.well-known/openid-configuration", headers={"Host": host}).json()
            addresses |= {document["issuer"], document["token_endpoint"].removesuffix("/connect/token")}
        headers = {"X-BlastIQ-Control": told["control_token"]}
        surface = [
            httpx.get(f"{origin}/__blastiq__/verdict", headers=headers | {"Host": host}).status_code
            for host in ("blastiq.test:8443", "other.example")
        ]
    assert addresses == {"https://blastiq.test:8443/identity"} == {told["authority"]}
    assert told["api_url"] == "https://blastiq.test:8443/api"
    assert surface == [200, 403]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("blastiq:8080",), "expected an address such as"),
        (("http://[x/",), "expected an address such as"),
        (("http://x:99999",), "expected an address such as"),
        (("http://x/?a=b",), "expected an address such as"),
        (("http://u@x/",), "expected an address such as"),
        (("http://x", "--tls"), "leave out --tls"),
    ],
)
def test_what_no_client_could_call_is_2(options: tuple[str, ...], said: str) -> None:
    """At once, and with what was expected."""
    done = called("serve", "--public-url", *options)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr
