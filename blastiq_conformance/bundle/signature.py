"""Signatures on a bundle: Ed25519 by a key that the user names, in a DSSE envelope around the manifest.

The manifest holds the digest of every other file, so its signature covers them all. The envelope is signature.json in
the bundle: https://github.com/secure-systems-lab/dsse/blob/master/envelope.md
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from blastiq_conformance import given_file
from blastiq_conformance.bundle.container import SIGNATURE, BundleError, parsed
from blastiq_conformance.schemas import Schema, faults
from fake_idp.wire import Json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_TYPE = "application/vnd.blastiq.bundle+json"
_TEXT: dict[str, Json] = {"type": "string"}
_ENVELOPE: Schema = {
    "type": "object",
    "required": ["payload", "payloadType", "signatures"],
    "properties": {
        "payload": _TEXT,
        "payloadType": {"const": _TYPE},
        "signatures": {
            "type": "array",
            "items": {"type": "object", "required": ["keyid", "sig"], "properties": {"keyid": _TEXT, "sig": _TEXT}},
        },
    },
}


class KeyFileError(Exception):
    """A file that does not hold the required key; the text says what was expected and what to do."""


def private_key(path: Path) -> "Ed25519PrivateKey":
    """Read the signing key; raises KeyFileError."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = _loaded(lambda pem: load_pem_private_key(pem, None), path)
    except TypeError:
        raise KeyFileError(
            f"{path} is encrypted; name a key without a passphrase, or sign with a tool of yours"
        ) from None
    if isinstance(key, Ed25519PrivateKey):
        return key
    raise KeyFileError(f"{path} is not an Ed25519 private key in PEM; `openssl genpkey -algorithm ed25519` makes one")


def public_key(path: Path) -> "Ed25519PublicKey":
    """Read the verifying key; raises KeyFileError."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = _loaded(load_pem_public_key, path)
    if isinstance(key, Ed25519PublicKey):
        return key
    raise KeyFileError(f"{path} is not an Ed25519 public key in PEM; `openssl pkey -in KEY -pubout` gives it")


def signed(files: Mapping[str, bytes], key: "Ed25519PrivateKey") -> dict[str, bytes]:
    """Give the files of a bundle with a signature by this key beside those of others; raises BundleError."""
    manifest, keyid = files["manifest.json"], _keyid(key.public_key())
    others = [] if SIGNATURE not in files else [each for each in _signatures(files) if each["keyid"] != keyid]
    mine = {"keyid": keyid, "sig": b64encode(key.sign(_encoded(manifest))).decode()}
    payload = b64encode(manifest).decode()
    envelope = {"payload": payload, "payloadType": _TYPE, "signatures": [*others, mine]}
    return {**files, SIGNATURE: (json.dumps(envelope, indent=1) + "\n").encode()}


def unsigned(files: Mapping[str, bytes], key: "Ed25519PublicKey") -> str:
    """Say why a bundle is not signed by this key; empty if it is. Raises BundleError."""
    from cryptography.exceptions import InvalidSignature

    if SIGNATURE not in files:
        return f"it is not signed; {_keyid(key)[:16]}… was expected to have signed it"
    # A key id is a hint that anybody can write (DSSE): every signature is tried.
    for each in _signatures(files):
        try:
            key.verify(_decoded(each["sig"]), _encoded(files["manifest.json"]))
        except InvalidSignature:
            continue
        return ""
    return f"it has no signature that the key {_keyid(key)[:16]}… made of this manifest"


def _loaded(load: Callable[[bytes], object], path: Path) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return load(given_file.read_bytes(path))
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read: {error.strerror or error}") from None
    except (ValueError, UnsupportedAlgorithm):
        return None


def _encoded(manifest: bytes) -> bytes:
    # The pre-authentication encoding: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
    return b"DSSEv1 %d %s %d %s" % (len(_TYPE), _TYPE.encode(), len(manifest), manifest)


def _signatures(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Read the envelope; raises BundleError if it is not one around the manifest."""
    envelope = parsed(SIGNATURE, files[SIGNATURE])
    if wrong := next(faults(envelope, _ENVELOPE), None):
        raise BundleError(f"its {SIGNATURE} is not a DSSE envelope of the kit: {wrong.told('envelope')}")
    whole = cast("dict[str, Any]", envelope)
    if _decoded(whole["payload"]) != files["manifest.json"]:
        raise BundleError(f"its {SIGNATURE} is around another manifest than its own")
    return cast("list[dict[str, str]]", whole["signatures"])


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise BundleError(f"its {SIGNATURE} holds what is not Base64") from None


def _keyid(key: "Ed25519PublicKey") -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
