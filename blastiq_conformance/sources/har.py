"""HAR 1.2, with the habits of browsers and proxies: bodies in text or params, base64, pseudo headers, gaps."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import IO
from urllib.parse import quote_plus

from blastiq_conformance.sources.har_stream import EntryStream, lightened
from blastiq_conformance.sources.recorded import (
    NO_REQUEST_BODY,
    NO_RESPONSE_BODY,
    MalformedError,
    Message,
    said_to_be_lost,
    status_of,
    text_of,
    to_response,
)
from blastiq_conformance.sources.request import Pairs, claims_body, field, to_request
from blastiq_conformance.sources.source_error import SourceError, placed
from fake_idp.wire import FORM, Json, Request, Response

Object = Mapping[str, Json]
_ADVICE = "export the traffic again as HAR 1.2"
# A form as it stands on the wire.
_CODED = re.compile(rb"(?:[\w.~*&=+-]|%[0-9A-Fa-f]{2})+", re.ASCII)
# Firefox lists them among the requests of a page.
_WITHIN = frozenset({"data", "blob", "about"})
# The creator that Chrome and Edge name; since 130 they leave these headers out unless "with sensitive data" is chosen.
_SANITIZING = "WebInspector"
_SENSITIVE = frozenset({"authorization", "cookie", "set-cookie"})
_SANITIZED = "the browser leaves out Authorization and Cookie unless the HAR is exported with sensitive data"


def read(file: str, log: Object) -> list[Message]:
    """Read the log of a HAR file, in the order of the file. Raises SourceError."""
    entries = log.get("entries")
    if not isinstance(entries, list):
        raise SourceError(file, "log", "no list of entries", _ADVICE)
    return _unsanitized(list(_messages(file, entries)), log.get("creator"))


def read_stream(file: str, stream: IO[bytes]) -> list[Message]:
    """Read a HAR file that is too large for memory. Raises SourceError."""
    entries = EntryStream(file, stream)
    messages = list(map(lightened, _messages(file, entries)))
    return _unsanitized(messages, entries.creator)


def _messages(file: str, entries: Iterable[Json]) -> Iterator[Message]:
    start: float | None = None
    for index, entry in enumerate(entries, start=1):
        with placed(file, f"entry {index}", _ADVICE):
            recorded = _object(entry)
            started = _seconds(recorded, start)
            start = started if start is None else start
            message = _message(recorded, f"{file}#{index}", started - start)
        # A proxy's entry for a tunnel is not an exchange: what went through it has entries of its own. Nor is what the
        # browser loaded from itself.
        if message.request.method != "CONNECT" and message.request.scheme not in _WITHIN:
            yield message


def _unsanitized(messages: list[Message], creator: Json) -> list[Message]:
    """Say of each request that headers may have been left out, where that is what the browser does."""
    if not isinstance(creator, dict) or creator.get("name") != _SANITIZING or any(map(_sensitive, messages)):
        return messages
    return [replace(message, headers_missing=_SANITIZED) for message in messages]


def _sensitive(message: Message) -> bool:
    fields = message.request.headers.raw + (message.response.headers.raw if message.response is not None else ())
    return any(name.lower() in _SENSITIVE for name, _ in fields)


def _message(entry: Object, source: str, started: float) -> Message:
    request, sent_gap = _request(_object(entry.get("request"), "request"))
    answer = entry.get("response")
    response, answer_gap = (None, "") if answer is None else _response(_object(answer, "response"))
    duration = entry.get("time")
    took = duration / 1000 if isinstance(duration, int | float) and 0 < duration < 1e9 else 0.0
    return Message(
        request=request,
        response=response,
        source=source,
        started=started,
        ended=started + took,
        at=str(entry.get("startedDateTime") or ""),
        request_missing=sent_gap or said_to_be_lost(entry, "request"),
        response_missing=answer_gap or said_to_be_lost(entry, "response"),
    )


def _seconds(entry: Object, default: float | None) -> float:
    text = entry.get("startedDateTime")
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        moment = None
    if moment is None:
        return default or 0.0
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _request(request: Object) -> tuple[Request, str]:
    pairs = _pairs(request)
    headers = [pair for pair in pairs if pair[0][:1] != ":"]
    # HTTP/2 names the host in a pseudo header, and some tools leave both out.
    host = "" if len(headers) == len(pairs) else field(pairs, ":authority") or ""
    post = request.get("postData")
    body, gap = _sent(post, headers, request.get("bodySize")) if isinstance(post, dict) else (b"", "")
    if not body and not gap and _claims_body(request.get("bodySize"), headers):
        gap = NO_REQUEST_BODY
    version = _text(request, "httpVersion", "").lower().removeprefix("http/").replace("h2", "2").replace("h3", "3")
    # HAR 1.2 keeps fragments out of the URL, for they are not sent; Firefox writes them.
    method, url = _text(request, "method"), _text(request, "url").partition("#")[0]
    return to_request(method, url, headers, body, host=host, http_version=version or "1.1"), gap


def _sent(post: Object, headers: Pairs, size: Json) -> tuple[bytes, str]:
    media_type = post.get("mimeType")
    if isinstance(media_type, str) and media_type and field(headers, "content-type") is None:
        headers.append(("Content-Type", media_type))
    text = post.get("text")
    if isinstance(text, str) and text:
        encoded = "base64" in (post.get("encoding"), post.get("_encoding"))
        return (_unbase64(text) if encoded else text.encode("utf-8", "surrogatepass")), ""
    params = post.get("params")
    if not isinstance(params, list) or not params:
        return b"", ""
    length = (field(headers, "content-length") or str(size)).strip()
    if not isinstance(media_type, str) or media_type.partition(";")[0].strip().lower() != FORM:
        return b"", "the recording has the parameters of the body, and not the body itself"
    return _rebuilt([_object(item, "params") for item in params], length), ""


def _rebuilt(params: list[Object], length: str) -> bytes:
    # Tools differ in whether params are decoded: the length tells, where there is one, or else their content.
    pairs = [(_text(item, "name"), _text(item, "value", "")) for item in params]
    raw = "&".join(f"{name}={value}" for name, value in pairs).encode("utf-8", "surrogatepass")
    coded = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()
    if length in {str(len(raw)), str(len(coded))}:
        return raw if length == str(len(raw)) else coded
    return raw if b"%" in raw and _CODED.fullmatch(raw) else coded


def _claims_body(size: Json, headers: Pairs) -> bool:
    return (isinstance(size, int) and size > 0) or claims_body(headers)


def _response(response: Object) -> tuple[Response | None, str]:
    status = response.get("status")
    if status_of(status) <= 0:
        # Browsers write 0 where no answer came.
        return None, ""
    content = response.get("content")
    content = content if isinstance(content, dict) else {}
    text = content.get("text")
    headers = [pair for pair in _pairs(response) if pair[0][:1] != ":"]
    body = b""
    if isinstance(text, str):
        body = _unbase64(text) if content.get("encoding") == "base64" else text.encode("utf-8", "surrogatepass")
    made = to_response(status, _text(response, "statusText", ""), headers, body)
    gap = NO_RESPONSE_BODY if not made.body and _claims_body(content.get("size"), headers) else ""
    return made, gap


def _pairs(message: Object) -> Pairs:
    listed = message.get("headers", [])
    if not isinstance(listed, list):
        raise MalformedError("headers are not a list")
    try:
        pairs = [
            _pair(name, value)
            for item in listed
            if type(name := item["name"]) is str and type(value := item["value"]) is str  # type: ignore[index,call-overload]  # else caught
        ]
    except (KeyError, TypeError, IndexError):
        pairs = []
    if len(pairs) == len(listed):
        return pairs
    # Rarely: a value that is null, or something that is not a header, which the error names.
    return [(_text(item, "name"), _text(item, "value", "")) for item in (_object(x, "a header") for x in listed)]


@lru_cache(maxsize=1_000)
def _pair(name: str, value: str) -> tuple[str, str]:
    """Give the same pair again: most requests of a recording have most fields in common."""
    return name, value


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise MalformedError("a body is marked as base64 and is not") from None


def _object(value: Json, name: str = "it") -> Object:
    if not isinstance(value, dict):
        raise MalformedError(f"{name} is not an object")
    return value


def _text(item: Object, name: str, default: str | None = None) -> str:
    value = item.get(name, default)
    return default if value is None and default is not None else text_of(value, name)
