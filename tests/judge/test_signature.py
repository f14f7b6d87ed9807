"""Signatures on bundles: whoever has the key can tell who vouches for the evidence."""

import json
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from blastiq_conformance.bundle import write_bundle
from blastiq_conformance.bundle.container import pack
from tests.judge.cli.shell import called as blastiq
from tests.judge.judged import AUDIENCE, GOOD, report
from tests.judge.tampering import of_another_version, sealed, unzipped

PLAIN = NoEncryption()


def key(path: Path, encryption: KeySerializationEncryption = PLAIN) -> tuple[str, str]:
    """Write a pair of keys, and give the names of both files."""
    made, public = Ed25519PrivateKey.generate(), path.with_suffix(".pub")
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    public.write_bytes(made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return str(path), str(public)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    write_bundle(tmp_path / "b.zip", [report(GOOD)])
    return tmp_path / "b.zip"


def test_each_signer_is_told_from_others(bundle: Path, tmp_path: Path) -> None:
    """A reviewer signs beside the vendor, and neither signature takes the other's place."""
    (mine, my), (yours, your), (_, other) = (key(tmp_path / name) for name in ("a.pem", "b.pem", "c.pem"))
    unsigned = blastiq("verify", "--key", my, str(bundle))
    assert (unsigned.returncode, "it is not signed" in unsigned.stdout) == (1, True)
    for signer in (mine, yours, mine):
        assert blastiq("sign", "--key", signer, str(bundle)).returncode == 0
    for signer in (my, your):
        done = blastiq("verify", "--key", signer, str(bundle))
        assert (done.returncode, "The signature is that of the key" in done.stdout) == (0, True), done.stdout
    wrong = blastiq("verify", "--key", other, str(bundle))
    assert (wrong.returncode, "it has no signature that the key" in wrong.stdout) == (1, True)
    unchecked = blastiq("verify", str(bundle))
    assert (unchecked.returncode, "the signature was not checked" in unchecked.stdout) == (0, True)
    assert len(json.loads(unzipped(bundle)["signature.json"])["signatures"]) == 2


def test_it_is_a_dsse_envelope(bundle: Path, tmp_path: Path) -> None:
    """Whoever has a DSSE library needs no kit: the signature is over the encoding that DSSE prescribes."""
    path = tmp_path / "a.pem"
    private, _ = key(path)
    blastiq("sign", "--key", private, str(bundle))
    files = unzipped(bundle)
    envelope = json.loads(files["signature.json"])
    kind, payload = envelope["payloadType"], b64decode(envelope["payload"])
    assert payload == files["manifest.json"]
    encoded = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    assert b64decode(envelope["signatures"][0]["sig"]) == _sign(path, encoded)


def _sign(path: Path, data: bytes) -> bytes:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    found = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(found, Ed25519PrivateKey)
    return found.sign(data)


def test_evidence_that_was_changed_after_signing_is_found(bundle: Path, tmp_path: Path) -> None:
    """Though every digest was made right again: the envelope is around the manifest that was signed."""
    private, public = key(tmp_path / "a.pem")
    blastiq("sign", "--key", private, str(bundle))
    signature = unzipped(bundle)["signature.json"]
    write_bundle(tmp_path / "other.zip", [report(AUDIENCE)])
    bundle.write_bytes(pack({**unzipped(tmp_path / "other.zip"), "signature.json": signature}))
    done = blastiq("verify", "--key", public, str(bundle))
    assert (done.returncode, "around another manifest" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"payload": "*"}, 2),
        ({"payloadType": "text/plain"}, 2),
        ({"signatures": [{"keyid": "x"}]}, 2),
        ({"signatures": []}, 1),
        ({"signatures": [{"keyid": "x", "sig": b64encode(b"0" * 64).decode()}]}, 1),
        ({"signatures": [{"keyid": "x", "sig": "AAAA"}]}, 1),
        ({"signatures": [{"keyid": "x", "sig": "*"}]}, 2),
    ],
)
def test_a_forged_envelope_is_refused(bundle: Path, tmp_path: Path, change: dict[str, object], code: int) -> None:
    """With a documented exit code, whatever stands in it."""
    private, public = key(tmp_path / "a.pem")
    blastiq("sign", "--key", private, str(bundle))
    files = unzipped(bundle)
    envelope = {**json.loads(files["signature.json"]), **change}
    bundle.write_bytes(pack({**files, "signature.json": json.dumps(envelope).encode()}))
    assert blastiq("verify", "--key", public, str(bundle)).returncode == code


def test_what_does_not_verify_is_not_signed(bundle: Path, tmp_path: Path) -> None:
    """Nor what another version of the kit has judged: a signature vouches for the report."""
    private, _ = key(tmp_path / "a.pem")
    files = unzipped(bundle)
    for changed in (sealed(of_another_version(files)), pack({**files, "report.json": b"{}"})):
        bundle.write_bytes(changed)
        done = blastiq("sign", "--key", private, str(bundle))
        assert (done.returncode, "is not signed" in done.stderr) == (1, True)
    bundle.write_text("nothing")
    assert blastiq("sign", "--key", private, str(bundle)).returncode == 2


def test_a_file_without_the_right_key_is_refused(bundle: Path, tmp_path: Path) -> None:
    """It is said which kind was expected, and how to make it."""
    private, public = key(tmp_path / "a.pem")
    closed, _ = key(tmp_path / "b.pem", BestAvailableEncryption(b"secret"))
    other = tmp_path / "c.pem"
    made = generate_private_key(SECP256R1())
    other.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, PLAIN))
    for name, said in (
        (public, "is not an Ed25519 private key"),
        (closed, "is encrypted"),
        (str(other), "is not an Ed25519 private key"),
        (str(tmp_path / "gone"), "cannot be read"),
    ):
        done = blastiq("sign", "--key", name, str(bundle))
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr
    done = blastiq("verify", "--key", private, str(bundle))
    assert (done.returncode, "is not an Ed25519 public key" in done.stderr) == (2, True)
