"""What an API can tell from a bearer token alone: whether it is a JWT, whether we signed it, and what it claims."""

import base64
import binascii
import json
from collections.abc import Iterable
from enum import StrEnum

from fake_idp.oidc.keys import SigningKey
from fake_idp.server_config import Flavour
from fake_idp.wire import Json


class Defect(StrEnum):
    """Why a token is not worth a look at its claims."""

    NO_JWT = "no JWT"
    UNKNOWN_KEY = "unknown key"
    WRONG_SIGNATURE = "wrong signature"


def examine(token: str, keys: Iterable[SigningKey], flavour: Flavour) -> dict[str, Json] | Defect:
    """Give the claims of a token that one of the keys has signed, or what is wrong with it."""
    parts = token.split(".")
    if len(parts) != 3:
        return Defect.NO_JWT
    header, claims = _object(parts[0]), _object(parts[1])
    if header is None or claims is None:
        return Defect.NO_JWT
    signature = _bytes(parts[2])
    if not parts[2] or header.get("alg") != "RS256":
        return Defect.WRONG_SIGNATURE
    key = next((each for each in keys if each.kid(flavour) == header.get("kid")), None)
    if key is None:
        return Defect.UNKNOWN_KEY
    signed = f"{parts[0]}.{parts[1]}".encode()
    return claims if signature is not None and key.has_signed(signed, signature) else Defect.WRONG_SIGNATURE


def _object(part: str) -> dict[str, Json] | None:
    data = _bytes(part)
    try:
        value: Json = None if data is None else json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _bytes(part: str) -> bytes | None:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
