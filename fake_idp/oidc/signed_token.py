"""What an API can tell from a bearer token alone: whether it is a JWT, whether we signed it, and what it claims."""

from collections.abc import Iterable
from enum import StrEnum

from fake_idp.oidc.keys import SigningKey
from fake_idp.secrets.token_parts import from_base64url, read_parts
from fake_idp.server_config import Flavour
from fake_idp.wire import Json


class Defect(StrEnum):
    """Why the claims of a token are not looked at."""

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
    signature = from_base64url(last)
    good = signature is not None and header.get("alg") == "RS256" and key.has_signed(signed.encode(), signature)
    return claims if good else Defect.WRONG_SIGNATURE
