"""Origins of pages (RFC 6454), as they are given to the fake."""

import re

_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://[A-Za-z0-9.\-_\[\]:]+", re.ASCII)


def parse_origin(text: str) -> str:
    """Read scheme, host and port of pages that may read answers; raises ValueError that says what was expected."""
    if not _ORIGIN.fullmatch(text):
        raise ValueError(f"expected an origin such as https://app.example or http://localhost:5173, not {text!r}")
    return text.lower()
