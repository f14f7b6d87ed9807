"""A JWT as text: its parts in base64url (RFC 7515 2), read without any check; and what else is written so."""

import base64
import hashlib
import json

from fake_idp.customs import Json


def to_base64url(data: bytes) -> bytes:
    """Encode without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def from_base64url(part: str) -> bytes | None:
    """Decode a part; None if it is not base64url."""
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None


def s256(verifier: str) -> str:
    """Give the challenge of a PKCE verifier: its SHA-256 in base64url (RFC 7636 4.2)."""
    return to_base64url(hashlib.sha256(verifier.encode("utf-8", "surrogatepass")).digest()).decode()


def read_parts(token: str) -> tuple[dict[str, Json] | None, dict[str, Json] | None]:
    """Read header and claims; None for what is not a JSON object, or no part of a JWT."""
    parts = token.split(".")
    return (_object(parts[0]), _object(parts[1])) if len(parts) == 3 else (None, None)


def claims_of(part: str) -> dict[str, Json] | None:
    """Read claims in either alphabet of base64, whatever else stands among its letters; None for what is no object."""
    altchars = b"-_" if "-" in part or "_" in part else None
    try:
        value: Json = json.loads(base64.b64decode(part + "=" * (-len(part) % 4), altchars))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _object(part: str) -> dict[str, Json] | None:
    data = from_base64url(part)
    try:
        value: Json = None if data is None else json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
