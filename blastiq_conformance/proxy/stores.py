"""What trustme does not make: a self-signed certificate, and the trust store of the JVM."""

import os
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

# It protects nothing, for the store holds one certificate and no key, but the JVM requires a password.
STORE_PASSWORD = "changeit"  # noqa: S105 - as said above


def java_trust_store(certificate: bytes) -> bytes:
    """Make a PKCS#12 store that trusts only this certificate, with the attribute that the JVM requires."""
    trusted = pkcs12.PKCS12Certificate(x509.load_pem_x509_certificate(certificate), b"blastiq-conformance")
    encryption = serialization.BestAvailableEncryption(STORE_PASSWORD.encode())
    return pkcs12.serialize_java_truststore([trusted], encryption)


def self_signed(names: Sequence[str], folder: Path, context: ssl.SSLContext) -> None:
    """Let a context show a self-signed certificate for these names."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([_general(each) for each in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"self-signed-{certificate.serial_number:x}.pem"
    try:
        # Python's ssl reads keys only from files.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(private + certificate.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(path)
    finally:
        path.unlink(missing_ok=True)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
