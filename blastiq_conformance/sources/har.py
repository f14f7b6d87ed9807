"""HAR 1.2, with the habits of browsers and proxies: bodies in text or params, base64, pseudo headers, gaps."""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote_plus, urlsplit

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.sources import SourceError
from blastiq_conformance.sources.recorded import MalformedError, Message, to_evidence, unpacked
from fake_idp.wire import FORM, Headers, Json, Request, Response

Object = Mapping[str, Json]
_ADVICE = "export the traffic again as HAR 1.2"


def read(file: str, log: Object, client_id: str | None = None, authority: str | None = None) -> Evidence:
    """Read the log of a HAR file; exchanges are numbered in the order of the file. Raises SourceError."""
    entries = log.get("entries")
    if not isinstance(entries, list):
        raise SourceError(file, "log", "no list of entries", _ADVICE)
    messages = []
    start: float | None = None
    for index, entry in enumerate(entries, start=1):
        try:
            started = _seconds(_object(entry), start)
            start = started if start is None else start
            messages.append(_message(_object(entry), f"{file}#{index}", started - start))
        except ValueError as error:
            raise SourceError(file, f"entry {index}", str(error), _ADVICE) from None
    return to_evidence(messages, client_id, authority)


def _message(entry: Object, source: str, started: float) -> Message:
    request, sent_gap = _request(_object(entry.get("request"), "request"))
    response, answer_gap = _response(_object(entry.get("response"), "response"))
    duration = entry.get("time")
    took = duration / 1000 if isinstance(duration, int | float) and 0 < duration < 1e9 else 0.0
    return Message(
        request=request,
        response=response,
        source=source,
        started=started,
        ended=started + took,
        at=str(entry.get("startedDateTime") or ""),
        request_missing=sent_gap,
        response_missing=answer_gap,
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
    url = urlsplit(_text(request, "url"))
    pairs = _pairs(request)
    headers = [(name, value) for name, value in pairs if not name.startswith(":")]
    if not any(name.lower() == "host" for name, _ in headers):
        # HTTP/2 names the host in a pseudo header, and some tools leave both out.
        host = next((value for name, value in pairs if name == ":authority"), url.netloc.rpartition("@")[2])
        headers.insert(0, ("Host", host))
    post = request.get("postData")
    body, gap = _sent(post, headers) if isinstance(post, dict) else (b"", "")
    if not body and not gap and _claims_body(request, headers):
        gap = "the request had a body, and the recording has none"
    target = (url.path or "/") + (f"?{url.query}" if url.query else "") + (f"#{url.fragment}" if url.fragment else "")
    version = _text(request, "httpVersion", "").lower().removeprefix("http/").replace("h2", "2").replace("h3", "3")
    wire = Request(
        method=_text(request, "method"),
        target=target,
        headers=Headers(tuple(headers)),
        body=body,
        http_version=version or "1.1",
        scheme=url.scheme or "http",
    )
    return wire, gap


def _sent(post: Object, headers: list[tuple[str, str]]) -> tuple[bytes, str]:
    media_type = post.get("mimeType")
    if isinstance(media_type, str) and media_type and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", media_type))
    text = post.get("text")
    if isinstance(text, str) and text:
        encoded = "base64" in {post.get("encoding"), post.get("_encoding")}
        return (_unbase64(text) if encoded else text.encode("utf-8", "surrogatepass")), ""
    params = post.get("params")
    if not isinstance(params, list) or not params:
        return b"", ""
    if not isinstance(media_type, str) or media_type.partition(";")[0].strip().lower() != FORM:
        return b"", "the recording has the parameters of the body, and not the body itself"
    return _rebuilt([_object(item, "params") for item in params], headers), ""


def _rebuilt(params: list[Object], headers: list[tuple[str, str]]) -> bytes:
    # Tools differ in whether params stand decoded: the length tells, where there is one.
    pairs = [(_text(item, "name"), _text(item, "value", "")) for item in params]
    raw = "&".join(f"{name}={value}" for name, value in pairs).encode("utf-8", "surrogatepass")
    coded = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()
    length = next((value for name, value in headers if name.lower() == "content-length"), "")
    return raw if length == str(len(raw)) else coded


def _claims_body(request: Object, headers: list[tuple[str, str]]) -> bool:
    size = request.get("bodySize")
    length = next((value.strip() for name, value in headers if name.lower() == "content-length"), "0")
    return (isinstance(size, int) and size > 0) or length.strip("0") != ""


def _response(response: Object) -> tuple[Response | None, str]:
    status = response.get("status")
    if not isinstance(status, int):
        raise MalformedError(f"the status is {type(status).__name__}, and no number")
    if status <= 0:
        # Browsers write 0 where no answer came.
        return None, ""
    content = response.get("content")
    content = content if isinstance(content, dict) else {}
    text, size = content.get("text"), content.get("size")
    headers = Headers(tuple((name, value) for name, value in _pairs(response) if not name.startswith(":")))
    body = b""
    if isinstance(text, str):
        plain = _unbase64(text) if content.get("encoding") == "base64" else text.encode("utf-8", "surrogatepass")
        body = unpacked(plain, headers.get("content-encoding"))
    claimed = (isinstance(size, int) and size > 0) or (headers.get("content-length") or "0").strip("0 ") != ""
    gap = "the response had a body, and the recording has none" if claimed and not body else ""
    return Response(status=status, reason=_text(response, "statusText", ""), headers=headers, body=body), gap


def _pairs(message: Object) -> list[tuple[str, str]]:
    listed = message.get("headers", [])
    if not isinstance(listed, list):
        raise MalformedError("headers are no list")
    return [(_text(item, "name"), _text(item, "value", "")) for item in (_object(x, "a header") for x in listed)]


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedError("a body is marked as base64 and is none") from None


def _object(value: Json, name: str = "it") -> Object:
    if not isinstance(value, dict):
        raise MalformedError(f"{name} is no object")
    return value


def _text(item: Object, name: str, default: str | None = None) -> str:
    value = item.get(name, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise MalformedError(f"{name} is {type(value).__name__}, and no text")
    return value
