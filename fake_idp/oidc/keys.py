"""Signing keys: made when first needed, one set per process unless told otherwise; rotation; the public half as JWK."""

import hashlib
import json
import threading
from enum import StrEnum
from functools import cache, cached_property
from typing import TYPE_CHECKING

from fake_idp.secrets.token_parts import from_base64url, read_parts, to_base64url
from fake_idp.server_config import Flavour
from fake_idp.wire import Json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.padding import AsymmetricPadding
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

_BITS = 2048
_KID_LENGTH = 32
_compact = json.JSONEncoder(separators=(",", ":")).encode


class Defect(StrEnum):
    """Why the claims of a token are not looked at: the words of ASP.NET's bearer handler, none about nonsense."""

    NO_JWT = ""
    UNKNOWN_KEY = "The signature key was not found"
    WRONG_SIGNATURE = "The signature is invalid"


@cache
def _scheme() -> "tuple[AsymmetricPadding, HashAlgorithm]":
    """Give the padding and hash of RS256 (RFC 7518 3.3)."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    return PKCS1v15(), SHA256()


class SigningKey:
    """One RSA key; its id follows from the key, so that two runs with one key agree."""

    def __init__(self, private: "RSAPrivateKey") -> None:
        """Take a private key."""
        self.private = private

    @classmethod
    def generate(cls) -> "SigningKey":
        """Make a new key: 20 to 70 ms."""
        from cryptography.hazmat.primitives.asymmetric import rsa

        return cls(rsa.generate_private_key(public_exponent=65537, key_size=_BITS))

    @cached_property
    def _modulus(self) -> bytes:
        return self.private.public_key().public_numbers().n.to_bytes(_BITS // 8, "big")

    @cached_property
    def _thumbprint(self) -> str:
        return hashlib.sha256(self._modulus).hexdigest()[:_KID_LENGTH]

    def kid(self, flavour: Flavour) -> str:
        """The key id as the flavour writes it: 32 hex digits, in lower case before v3 (server.md 1.6)."""
        return self._thumbprint if flavour is Flavour.IS4_V2 else self._thumbprint.upper()

    def sign(self, claims: dict[str, Json], *, flavour: Flavour, kind: str) -> str:
        """Make a JWT of the claims in their order; the header is alg, kid, typ (server.md 1.6)."""
        header = {"alg": "RS256", "kid": self.kid(flavour), "typ": kind}
        signed = b".".join(to_base64url(_compact(part).encode()) for part in (header, claims))
        return (signed + b"." + to_base64url(self.private.sign(signed, *_scheme()))).decode()

    def has_signed(self, signed: bytes, signature: bytes) -> bool:
        """Say whether a signature is this key's."""
        from cryptography.exceptions import InvalidSignature

        scheme, digest = _scheme()
        try:
            self.private.public_key().verify(signature, signed, scheme, digest)
        except InvalidSignature:
            return False
        return True

    def public(self, flavour: Flavour) -> dict[str, Json]:
        """The public half as a member of a JWK set, in the product's order (server.md 1.7)."""
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid(flavour),
            "e": "AQAB",
            "n": to_base64url(self._modulus).decode(),
            "alg": "RS256",
        }


class Keys:
    """The keys of an identity server: the newest signs, all that are not retired are published; shared by threads."""

    def __init__(self) -> None:
        """Start without a key; the first is made when it is needed."""
        self._lock = threading.Lock()
        self._keys: tuple[SigningKey, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether a key exists, so that signing costs no more than a signature."""
        return bool(self._keys)

    @property
    def published(self) -> tuple[SigningKey, ...]:
        """Every key whose tokens are still valid, oldest first."""
        if not self._keys:
            with self._lock:
                if not self._keys:
                    self._keys = (SigningKey.generate(),)
        return self._keys

    @property
    def current(self) -> SigningKey:
        """The key that signs now."""
        return self.published[-1]

    def examine(self, token: str, flavour: Flavour) -> dict[str, Json] | Defect:
        """Give the claims of a token that one of the keys has signed, or what is wrong with it."""
        header, claims = read_parts(token)
        if header is None or claims is None:
            return Defect.NO_JWT
        signed, _, last = token.rpartition(".")
        if not last:
            return Defect.WRONG_SIGNATURE
        # A key that does not exist yet has signed nothing, and is not made for a foreign token.
        key = next((each for each in self._keys if each.kid(flavour) == header.get("kid")), None)
        if key is None:
            return Defect.UNKNOWN_KEY
        signature = from_base64url(last)
        good = signature is not None and header.get("alg") == "RS256" and key.has_signed(signed.encode(), signature)
        return claims if good else Defect.WRONG_SIGNATURE

    def rotate(self) -> SigningKey:
        """Add a key that signs from now on; those before it stay published."""
        key = SigningKey.generate()
        with self._lock:
            self._keys = (*self._keys, key)
        return key

    def retire(self, key: SigningKey) -> None:
        """Stop publishing a key; if it was the last, a new one is made when needed."""
        with self._lock:
            self._keys = tuple(kept for kept in self._keys if kept is not key)


@cache
def default_keys() -> Keys:
    """The keys that every fake of this process shares unless it is given its own."""
    return Keys()
