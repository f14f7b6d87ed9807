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
    header, claims = read_parts(token)
    if header is None or claims is None:
        return Defect.NO_JWT
    signed, _, last = token.rpartition(".")
    if not last:
        return Defect.WRONG_SIGNATURE
    key = next((each for each in keys if each.kid(flavour) == header.get("kid")), None)
    if key is None:
        return Defect.UNKNOWN_KEY
    signature = _bytes(last)
    good = signature is not None and header.get("alg") == "RS256" and key.has_signed(signed.encode(), signature)
    return claims if good else Defect.WRONG_SIGNATURE


def read_parts(token: str) -> tuple[dict[str, Json] | None, dict[str, Json] | None]:
    """Read header and claims, unchecked; None of what is not a JWT."""
    parts = token.split(".")
    return (_object(parts[0]), _object(parts[1])) if len(parts) == 3 else (None, None)


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
