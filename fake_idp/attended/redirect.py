"""Redirect addresses: which are accepted, and how an answer is sent to one."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from fake_idp.authority import is_loopback

QUERY, FRAGMENT, FORM_POST = "query", "fragment", "form_post"

_PRINTABLE = re.compile(r"[!-~]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*")
# Schemes that a browser or system gives a meaning of their own: none of them is an application's.
_TAKEN = frozenset({"about", "blob", "data", "file", "ftp", "javascript", "mailto", "urn", "vbscript", "ws", "wss"})


def is_accepted(address: str) -> bool:
    """Tell whether an answer may go there: https, http on loopback with any port, a private scheme (RFC 8252 7)."""
    if not _PRINTABLE.fullmatch(address) or "#" in address:
        # RFC 6749 3.1.2: no fragment.
        return False
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    match parts.scheme:
        case "https":
            return bool(host)
        case "http":
            return is_loopback(host)
        case scheme:
            return bool(_SCHEME.fullmatch(scheme)) and scheme not in _TAKEN


def answer_address(address: str, mode: str, members: Mapping[str, str]) -> str:
    """Give the address with the members of an answer in its query or fragment, as the product writes it."""
    added = urlencode(members)
    if mode == FRAGMENT:
        return f"{address}#{added}"
    end = "#_=_" if "error" in members else ""
    return f"{address}{'&' if '?' in address else '?'}{added}{end}"
