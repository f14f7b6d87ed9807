"""Whether a recorded message is complete: its claimed length, placeholders of other tools, missing bodies."""

import re
from collections.abc import Iterator

from blastiq_conformance.sources.request import field
from fake_idp.content_coding import WITHHELD
from fake_idp.wire import Headers, Json, Request, Response

_FOREIGN = re.compile(
    r"[\[<({_*#\s]*(?:[a-z]+[\s_-])?(?:redacted|filtered|removed|masked|scrubbed|saniti[sz]ed|censored|omitted|hidden)"
    r"(?:[\s_:-].*)?[\])>}_*#\s]*|\*{3,}|x{4,}|[•●]{3,}|<[a-z]+(?:[_ -][a-z]+)*>|field_\w+",
    re.IGNORECASE,
)
SEALED = "a body was withheld: something in it was packed and could not be unpacked"
_SCHEME = re.compile(r"(?:basic|bearer|digest)\s+", re.IGNORECASE)
_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
_MEMBERS = ("access_token", "refresh_token", "id_token")


def foreign(value: str) -> bool:
    """Whether a value is another tool's placeholder for a secret."""
    return _FOREIGN.fullmatch(_SCHEME.sub("", value.strip(), count=1)) is not None


def request_losses(request: Request, body_missing: str = "") -> Iterator[tuple[str, str]]:
    """Give each part of the request that is incomplete ("body", "headers"), with the reason."""
    if body_missing:
        yield "body", body_missing
    elif WITHHELD in request.body:
        yield "body", SEALED
    elif reason := _length(request.headers, request.body):
        yield "body", f"request: {reason}"
    for name, value in _fields(request):
        if foreign(value):
            yield "body", f"{name[:40]} was replaced by a placeholder"
    for name, value in request.headers.raw:
        if name.lower() in _HEADERS and foreign(value):
            yield "headers", f"{name.lower()} was replaced by a placeholder"


def response_losses(response: Response | None, body_missing: str = "") -> Iterator[tuple[str, str]]:
    """Give each reason why the response is incomplete."""
    if body_missing:
        yield "response", body_missing
    if response is None:
        return
    if WITHHELD in response.body:
        yield "response", SEALED
        return
    # Most tools record a compressed body unpacked, with its old length.
    if (
        not body_missing
        and field(response.headers.raw, "content-encoding") is None
        and (reason := _length(response.headers, response.body))
    ):
        yield "response", f"response: {reason}"
    parsed = response.json if b"_token" in response.body else None
    for name, value in parsed.items() if isinstance(parsed, dict) else ():
        if name in _MEMBERS and isinstance(value, str) and foreign(value):
            yield "response", f"{name} was replaced by a placeholder"


def _length(headers: Headers, body: bytes) -> str:
    claimed = (field(headers.raw, "content-length") or "").strip()
    if not (claimed.isascii() and claimed.isdigit()) or len(claimed) > 18 or int(claimed) == len(body):
        return ""
    return f"Content-Length says {claimed} bytes, and the recording has {len(body)}: something was removed or replaced"


def _fields(request: Request) -> Iterator[tuple[str, str]]:
    if "?" in request.target:
        yield from ((pair.name, pair.value) for pair in request.query)
    if not request.body:
        return
    yield from ((pair.name, pair.value) for pair in request.form)
    parsed: Json = request.json if request.body.lstrip().startswith(b"{") else None
    if isinstance(parsed, dict):
        yield from ((name, value) for name, value in parsed.items() if isinstance(value, str))
