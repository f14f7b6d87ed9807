"""HTTP Basic: a name and a password in an Authorization header (RFC 7617 2)."""

import base64
import binascii


def packed(name: str, password: str, errors: str = "surrogatepass") -> str:
    """Give what stands behind `Basic`."""
    return base64.b64encode(f"{name}:{password}".encode("utf-8", errors)).decode()


def unpacked(credentials: str, errors: str = "replace") -> str | None:
    """Give name, colon and password as one text; None for what is not base64."""
    try:
        return base64.b64decode(credentials.strip(), validate=True).decode("utf-8", errors)
    except (binascii.Error, ValueError):
        return None


def pair_of(header: str) -> tuple[str, str] | None:
    """Read an Authorization header; None where it is not Basic, not base64 or has no colon."""
    scheme, _, credentials = header.partition(" ")
    text = unpacked(credentials) if scheme.lower() == "basic" else None
    name, colon, password = (text or "").partition(":")
    return (name, password) if colon else None
