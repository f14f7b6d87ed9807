"""Redirect addresses: which are accepted, and how an answer is sent to one."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode, urlsplit

from fake_idp.oidc.attended.paths import RETURNS
from fake_idp.oidc.authority import DEFAULT_PORTS, Authority
from fake_idp.oidc.replies import empty
from fake_idp.system.loopback import is_loopback
from fake_idp.wire import Request, Response

# What .NET's URL encoder leaves unescaped besides letters, digits and -._~.
_SAFE = "!$()*,;@"

QUERY, FRAGMENT, FORM_POST = "query", "fragment", "form_post"

_PRINTABLE = re.compile(r"[!-~]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*")
# Schemes to which a browser or system gives a meaning of their own: no application owns one.
_TAKEN = frozenset({"about", "blob", "data", "file", "ftp", "javascript", "mailto", "urn", "vbscript", "ws", "wss"})


def is_accepted(address: str) -> bool:
    """Say whether an answer may go there: https, http on loopback with any port, a private scheme (RFC 8252 7)."""
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


def origin_of(address: str) -> str:
    """Give scheme, host and port of an address, without a default port."""
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port and parts.port != DEFAULT_PORTS.get(parts.scheme) else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}"


def query_of(members: Iterable[tuple[str, str]]) -> str:
    """Write a query as the product does."""
    return urlencode(list(members), safe=_SAFE, quote_via=quote)


def lead_to(page: str, back: str, request: Request, authority: Authority) -> Response:
    """Send the browser to a page of the server that was called, from which it comes back."""
    origin = request.origin if authority.is_called(request) else ""
    return empty(302, ("Location", f"{origin}{authority.config.base}{page}?{query_of([(RETURNS[page], back)])}"))


def answer_address(address: str, mode: str, members: Mapping[str, str], error_end: str) -> str:
    """Give the address with the members of an answer in its query or fragment, as the product writes it.

    `error_end` is the fragment that keeps a browser from carrying an old one to the client's error page.
    """
    added = query_of(members.items())
    if mode == FRAGMENT:
        return f"{address}#{added}"
    end = error_end if "error" in members else ""
    joint = "?" if "?" not in address else "" if address.endswith("&") else "&"
    return f"{address}{joint}{added}{end}"
