"""Cross-origin requests: allowed origins, the preflight (R08), and the header that lets a browser read an answer."""

import re
from dataclasses import replace

from fake_idp.oidc.attended.redirect import is_accepted
from fake_idp.oidc.replies import empty
from fake_idp.server_config import ServerConfig
from fake_idp.wire import Headers, Request, Response

_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://[A-Za-z0-9.\-_\[\]:]+", re.ASCII)
# An echoed value must be a valid header value.
_FIELD_VALUE = re.compile(r"[\x21-\x7e][\x20-\x7e]*")


def parse_origin(text: str) -> str:
    """Read scheme, host and port of pages that may read answers (RFC 6454); raises ValueError that says what is due."""
    if not _ORIGIN.fullmatch(text):
        raise ValueError(f"expected an origin such as https://app.example or http://localhost:5173, not {text!r}")
    return text.lower()


def allowed_origin(request: Request, config: ServerConfig) -> str:
    """Give the origin of a request if its scripts may read answers, else an empty text.

    The product allows the origins with which the client is registered: none, or, where people may sign in, the origin
    of its redirect address.
    """
    if "origin" not in request.headers:
        return ""
    origin = _value(request, "origin")
    known = origin.lower() in config.allow_origins or (config.attended and is_accepted(origin))
    return origin if known else ""


def answer_preflight(request: Request, origin: str) -> Response | None:
    """Allow an origin what its preflight asks for; None if the request is not a preflight."""
    method = _value(request, "access-control-request-method")
    if request.method.upper() != "OPTIONS" or not method:
        return None
    asked = _value(request, "access-control-request-headers").split(",")
    fields = ",".join(name.strip() for name in asked if name.strip())
    allowed = (("Access-Control-Allow-Headers", fields),) if fields else ()
    return empty(204, ("Access-Control-Allow-Origin", origin), *allowed, ("Access-Control-Allow-Methods", method))


def share(response: Response, origin: str) -> Response:
    """Let an origin read the answer."""
    return replace(response, headers=Headers((*response.headers, ("Access-Control-Allow-Origin", origin))))


def _value(request: Request, name: str) -> str:
    value = request.headers.get(name) or ""
    return value if _FIELD_VALUE.fullmatch(value) else ""
