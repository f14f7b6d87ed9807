"""The certificates of one run: an authority that its child trusts, and server certificates, right or wrong."""

import ssl
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from blastiq_conformance.proxy import LOOPBACK, STORE_PASSWORD
from blastiq_conformance.scenarios import TlsFault

_WRONG_NAME = "not-blastiq.example"
_DAY = timedelta(days=1)
# For so many other hosts a certificate is kept; a program that calls more of them is not an integration.
_MOST_NAMES = 256


class Certificates:
    """Makes them in a private folder, on use; the keys, of elliptic curves, are deleted with the folder."""

    def __init__(self, folder: Path, names: Iterable[str] = ()) -> None:
        """Make the authority; the good certificate is for `names`, besides loopback."""
        self._folder, self._names = folder, tuple(dict.fromkeys((*names, *LOOPBACK)))
        self._authority = trustme.CA(organization_name="BlastIQ Conformance Kit, this run alone")
        # One for all ports of a run: a client may keep a session, which is the context's, but no certificate.
        self._leaf = cache(self._issue)
        self._minted = lru_cache(_MOST_NAMES)(self._mint)
        self.ca_file = folder / "ca.pem"
        self._authority.cert_pem.write_to_path(str(self.ca_file))
        self.trust_store = folder / "trust.p12"
        self.trust_store.write_bytes(_java_trust_store(self._authority.cert_pem.bytes()))

    def context(self, fault: TlsFault = TlsFault.NONE) -> ssl.SSLContext:
        """Make a context for one port, so that a session of one port is not resumed at another."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if fault is TlsFault.SELF_SIGNED:
            _self_sign(self._names, self._folder, context)
        else:
            self._leaf(fault).configure_cert(context)
        if fault is TlsFault.OLD:
            _offer_old_versions(context)
        if fault is TlsFault.NONE:
            context.sni_callback = self._show_any
        return context

    def chooser(self, fault: Callable[[], TlsFault]) -> Callable[[], ssl.SSLContext]:
        """Give a function for the context of a port's next connection, by what is wrong then."""
        context = cache(self.context)
        # Before the first connection, which then does not wait for it.
        context(fault())
        return lambda: context(fault())

    def _issue(self, fault: TlsFault) -> trustme.LeafCert:
        now = datetime.now(UTC)
        match fault:
            case TlsFault.UNTRUSTED:
                return trustme.CA(organization_name="Nobody").issue_cert(*self._names)
            case TlsFault.WRONG_NAME:
                return self._authority.issue_cert(_WRONG_NAME)
            case TlsFault.EXPIRED:
                return self._authority.issue_cert(*self._names, not_before=now - 30 * _DAY, not_after=now - _DAY)
            case TlsFault.FUTURE:
                return self._authority.issue_cert(*self._names, not_before=now + _DAY, not_after=now + 30 * _DAY)
            case _:
                return self._authority.issue_cert(*self._names)

    def _show_any(self, end: ssl.SSLSocket | ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        """Show a valid certificate for any name, so that requests to other hosts are seen, and then refused."""
        # A name that no certificate can hold gets the usual one, which the client will refuse.
        if name is not None and name not in self._names:
            with suppress(ValueError):
                end.context = self._minted(name)

    def _mint(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert(name).configure_cert(context)
        return context


def _offer_old_versions(context: ssl.SSLContext) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the test is about deprecated versions
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    # Their signatures are below today's security level.
    context.set_ciphers("ALL:@SECLEVEL=0")


def _java_trust_store(certificate: bytes) -> bytes:
    """Make a PKCS#12 store that trusts only this certificate, with the attribute that the JVM requires."""
    trusted = pkcs12.PKCS12Certificate(x509.load_pem_x509_certificate(certificate), b"blastiq-conformance")
    encryption = serialization.BestAvailableEncryption(STORE_PASSWORD.encode())
    return pkcs12.serialize_java_truststore([trusted], encryption)


def _self_sign(names: Sequence[str], folder: Path, context: ssl.SSLContext) -> None:
    """Let a context show a self-signed certificate for these names."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + 30 * _DAY)
        .add_extension(x509.SubjectAlternativeName([_general(each) for each in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # Python's ssl reads keys only from files. The folder is private by itself: mkdtemp gives 0700.
    with TemporaryDirectory(dir=folder) as hidden:
        path = Path(hidden, "self-signed.pem")
        path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(path)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
