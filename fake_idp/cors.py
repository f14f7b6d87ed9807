"""Cross-origin requests: the preflight (R08) and the header that lets a browser read an answer; any origin may."""

import re
from dataclasses import replace

from fake_idp.replies import empty
from fake_idp.wire import Headers, Request, Response

# What is given back must be able to stand in a header.
_FIELD_VALUE = re.compile(r"[\x21-\x7e][\x20-\x7e]*")


def answer_preflight(request: Request) -> Response | None:
    """Allow what a preflight asks for; None where the request is none."""
    if request.method.upper() != "OPTIONS":
        return None
    origin, method = _value(request, "origin"), _value(request, "access-control-request-method")
    if not origin or not method:
        return None
    fields = _value(request, "access-control-request-headers")
    allowed = (("Access-Control-Allow-Headers", fields),) if fields else ()
    return empty(204, ("Access-Control-Allow-Origin", origin), *allowed, ("Access-Control-Allow-Methods", method))


def share(response: Response, request: Request) -> Response:
    """Let the origin that asked read the answer."""
    if "origin" not in request.headers:
        return response
    origin = _value(request, "origin")
    if not origin:
        return response
    return replace(response, headers=Headers((*response.headers, ("Access-Control-Allow-Origin", origin))))


def _value(request: Request, name: str) -> str:
    value = request.headers.get(name) or ""
    return value if _FIELD_VALUE.fullmatch(value) else ""
