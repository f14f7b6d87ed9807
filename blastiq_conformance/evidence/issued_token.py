"""What is unusual, though legal, about an access token as it was issued: its form, its length, its lifetime."""

import base64
import json
import re

from blastiq_conformance.evidence.token_request import TokenRequest
from fake_idp.wire import Json

_OPAQUE = re.compile(r"[0-9A-Fa-f]{32,}")
# The server's own tokens have 1 to 2 KiB.
_LONG = 4096
_TEN_YEARS = 315_360_000
_SKEW = 3600


def has_odd_lifetime(request: TokenRequest) -> bool:
    """Whether expires_in is there and not a plain number of seconds: BIQ405."""
    lifetime = request.answer.get("expires_in", 3600)
    if not isinstance(lifetime, int) or isinstance(lifetime, bool):
        return True
    return not 0 < lifetime < _TEN_YEARS


def has_odd_token(request: TokenRequest) -> bool:
    """Whether the token is not a JWT, is one that only base64url reads, or has an exp that contradicts it: BIQ406."""
    token = request.access_token or ""
    parts = token.split(".")
    if len(parts) != 3:
        return _OPAQUE.fullmatch(token) is not None
    if "-" in parts[1] or "_" in parts[1]:
        return True
    claims = _claims(parts[1])
    start, end, lifetime = claims.get("nbf"), claims.get("exp", 0), request.answer.get("expires_in")
    if not isinstance(end, int):
        return True
    # Where expires_in is odd itself, that is BIQ405's.
    if not isinstance(start, int) or not isinstance(lifetime, int) or "exp" not in claims or has_odd_lifetime(request):
        return False
    return abs(end - start - lifetime) > _SKEW


def has_long_token(request: TokenRequest) -> bool:
    """Whether the token is longer than careless buffers: BIQ407."""
    return len(request.access_token or "") > _LONG


def _claims(payload: str) -> dict[str, Json]:
    try:
        claims: Json = json.loads(base64.b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError:
        return {}
    return claims if isinstance(claims, dict) else {}
