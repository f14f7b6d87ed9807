"""The kit's certificates: a careful client takes the right one, and refuses each wrong one for its own fault."""

import ssl
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from blastiq_conformance.proxy import CA_VARIABLES, STORE_PASSWORD
from blastiq_conformance.proxy import certificates as making
from blastiq_conformance.proxy.certificates import Certificates
from blastiq_conformance.proxy.environment import variables
from blastiq_conformance.scenarios import TlsFault
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.http.tls import Tls
from tests.fake_idp.peer import Peer

NAME = "www.blastiq.com"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("ca"), (NAME,))


def shake_hands(server: Server, certificates: Certificates, tls: Tls, name: str = NAME) -> str:
    """Be a careful client; give the version of TLS. Raises SSLError."""
    trust = ssl.create_default_context(cafile=str(certificates.ca_file))
    listener = server.serve(FakeIdp(), tls=tls)
    try:
        with Peer(listener.port) as peer, trust.wrap_socket(peer.socket, server_hostname=name) as line:
            return str(line.version())
    finally:
        listener.close()


@pytest.mark.parametrize("name", [NAME, "localhost", "127.0.0.1", "collector.example"])
def test_the_right_one_is_taken(server: Server, certificates: Certificates, name: str) -> None:
    """Under the intercepted names, on loopback, and under any other that a client calls."""
    assert shake_hands(server, certificates, certificates.context(), name) == "TLSv1.3"


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (TlsFault.UNTRUSTED, "unable to get local issuer|self-signed|self signed"),
        (TlsFault.SELF_SIGNED, "self-signed certificate|self signed certificate"),
        (TlsFault.WRONG_NAME, "Hostname mismatch"),
        (TlsFault.EXPIRED, "certificate has expired"),
        (TlsFault.FUTURE, "certificate is not yet valid"),
        (TlsFault.OLD, "PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL"),
    ],
)
def test_a_wrong_one_is_refused_for_its_reason(
    server: Server, certificates: Certificates, fault: TlsFault, why: str
) -> None:
    """And for no other: nothing else is wrong with it."""
    with pytest.raises(ssl.SSLError, match=f"(?i){why}"):
        shake_hands(server, certificates, certificates.context(fault))


def test_a_name_that_no_certificate_can_hold_gets_the_usual_one(server: Server, certificates: Certificates) -> None:
    """The handshake fails at the client, not in the kit."""
    context = ssl.create_default_context(cafile=str(certificates.ca_file))
    context.check_hostname = False
    listener = server.serve(FakeIdp(), tls=certificates.context())
    with Peer(listener.port) as peer, context.wrap_socket(peer.socket, server_hostname="a_b.example") as line:
        assert line.version() == "TLSv1.3"
    listener.close()


def test_what_is_wrong_may_change(certificates: Certificates) -> None:
    """The next connection shows it; sessions of the one before cannot be taken up again."""
    faults = iter([TlsFault.NONE, TlsFault.NONE, TlsFault.EXPIRED, TlsFault.NONE])
    choose = certificates.chooser(lambda: next(faults))
    first, expired, again = choose(), choose(), choose()
    assert first is again
    assert first is not expired


def test_no_key_lies_in_the_folder(certificates: Certificates) -> None:
    """The interpreter reads keys from files alone: they are private while it does, and gone after it."""
    certificates.context(TlsFault.SELF_SIGNED)
    files = sorted(certificates.ca_file.parent.iterdir())
    assert [file.name for file in files] == ["ca.pem", "trust.p12"]
    assert not any(b"PRIVATE KEY" in file.read_bytes() for file in files)


def test_the_trust_store_holds_the_authority(certificates: Certificates) -> None:
    """As PKCS#12, with the mark without which the JVM sees nothing in it."""
    data = certificates.trust_store.read_bytes()
    store = pkcs12.load_pkcs12(data, STORE_PASSWORD.encode())
    assert store.key is None
    authority = x509.load_pem_x509_certificate(certificates.ca_file.read_bytes())
    assert [each.certificate for each in store.additional_certs] == [authority]


@pytest.mark.parametrize("name", ["x" * 64 + ".example", "a b", "*", "xn--a", "-", "a..b", "1.2.3.0/24", "@"])
def test_a_name_that_no_certificate_can_hold(certificates: Certificates, name: str) -> None:
    """However often it is asked for, nothing is raised: Python's ssl would print that."""
    end = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=True)
    for _ in range(2):
        certificates._show_any(end, name, end.context)


def test_a_certificate_that_cannot_be_made_leaves_nothing_behind(tmp_path: Path) -> None:
    """The second handshake for its name gets the usual one as well, not a context without any."""
    certificates = Certificates(tmp_path)
    usual = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    end = usual.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=True)

    def refuse(_name: str) -> NoReturn:
        raise ValueError

    certificates._authority.issue_cert = refuse  # type: ignore[assignment]  # a method is replaced
    for _ in range(2):
        certificates._show_any(end, "one.example", usual)
        assert end.context is usual


def test_no_more_names_are_kept_than_an_integration_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that calls thousands of names fills no memory, and none of them is an error."""
    monkeypatch.setattr(making, "_MOST_NAMES", 1)
    certificates = Certificates(tmp_path)
    end = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_side=True)
    for name in ("one.example", "two.example"):
        certificates._show_any(end, name, end.context)
    assert certificates._minted.cache_info().currsize == 1


@pytest.mark.skipif(not ssl.HAS_TLSv1_1 and not ssl.HAS_TLSv1, reason="this TLS library has forgotten the old versions")
def test_who_still_takes_the_old_versions_gets_them(server: Server, certificates: Certificates) -> None:
    """Otherwise tls-old would show nothing."""
    listener = server.serve(FakeIdp(), tls=certificates.context(TlsFault.OLD))
    careless = ssl.create_default_context(cafile=str(certificates.ca_file))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        careless.minimum_version = ssl.TLSVersion.TLSv1
    careless.set_ciphers("ALL:@SECLEVEL=0")
    with Peer(listener.port) as peer, careless.wrap_socket(peer.socket, server_hostname=NAME) as line:
        assert line.version() == "TLSv1.1"
    listener.close()


def test_the_environment_says_it_in_many_tongues(tmp_path: Path) -> None:
    """Trust always; the proxy where there is one; the JVM's words keep blanks together."""
    folder = tmp_path / "a b"
    folder.mkdir()
    certificates = Certificates(folder)
    alone, led = variables(certificates), variables(certificates, 8080)
    assert {alone[name] for name in CA_VARIABLES} == {str(certificates.ca_file)}
    assert not any(name.lower().endswith("proxy") for name in alone)
    assert led["https_proxy"] == led["HTTP_PROXY"] == "http://127.0.0.1:8080"
    assert f'"-Djavax.net.ssl.trustStore={folder}/trust.p12"' in alone["JAVA_TOOL_OPTIONS"]
    assert "-Dhttps.proxyPort=8080" in led["JAVA_TOOL_OPTIONS"]


def test_the_environment_may_name_nobody(tmp_path: Path) -> None:
    """The proxy is led to all the same; without one there is nothing to say."""
    certificates = Certificates(tmp_path)
    assert variables(certificates, trusted=False) == {}
    led = variables(certificates, 8080, trusted=False)
    assert not led.keys() & set(CA_VARIABLES)
    assert "trustStore" not in led["JAVA_TOOL_OPTIONS"]
    assert "-Dhttps.proxyPort=8080" in led["JAVA_TOOL_OPTIONS"]
