"""A token request's body in whatever form it came: a form, perhaps in a wrapping, JSON or multipart, by any label."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from typing import NamedTuple
from urllib.parse import quote_plus, unquote_to_bytes

from fake_idp.content_coding import inflate
from fake_idp.wire import FORM, Json, Pair, Request

# A token request is small; a body that inflates to more is not one.
_LIMIT = 1 << 20
_AMPERSAND = b"&amp;"


class WrappedForm(NamedTuple):
    """A form in a wrapping that no server removes: what the body is, the form, and how it was wrapped."""

    what: str
    form: bytes
    wrap: Callable[[bytes], bytes]


def decoded(request: Request) -> Request:
    """Give the request with its body inflated, as one cause (BIQ220) is not four missing fields; as it is otherwise."""
    if request.headers.get("content-encoding") is None:
        return request
    return replace(request, body=inflate(request.body)[:_LIMIT])


def disguise(request: Request) -> str:
    """Say what such a body is; empty for a form, and for what is not labelled as one."""
    if request.media_type != FORM or not request.body:
        return ""
    wrapped = wrapped_form(request.body)
    if wrapped is not None:
        return wrapped.what
    return "a multipart body" if is_multipart(request.body) else json_shape(request)


def wrapped_form(body: bytes) -> WrappedForm | None:
    """Find the form in a body whose ampersands, or whose every delimiter, was escaped once more."""
    if body.count(b"=", 0, -1) and _AMPERSAND in body:
        # A field named amp;username, where the separators are: PHP's arg_separator.output, a template of HTML.
        names = [piece.partition(b"=")[0] for piece in body.split(b"&")]
        if len(names) > 1 and all(name.startswith(b"amp;") for name in names[1:]):
            form = body.replace(_AMPERSAND, b"&")
            return WrappedForm("a form whose & was escaped as &amp;", form, lambda new: new.replace(b"&", _AMPERSAND))
    ending = b"=" if body.endswith(b"=") else b""
    whole = body.removesuffix(b"=")
    if b"=" in whole or b"&" in whole or b"%3d" not in whole.lower():
        return None
    form = as_name(whole)
    if form.lstrip()[:1] in {b"{", b"["}:
        return None
    what = "a form that was percent-encoded as a whole"
    return WrappedForm(what, form, lambda new: quote_plus(new).encode() + ending)


_BEGINS = {b"{": "a JSON object", b"[": "a JSON list"}
_NAMES = ("key", "name")


def json_pairs(request: Request) -> tuple[Pair, ...]:
    """Give the names and values in a JSON body, in order; none where it is not JSON or names nothing."""
    body = _text(request)
    if body[:1] not in _BEGINS:
        return ()
    try:
        parsed: Json = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    listed = parsed if isinstance(parsed, list) else []
    named = parsed.items() if isinstance(parsed, dict) else [pair for item in listed for pair in _pairs(item)]
    return tuple(Pair(name, _sent(value), b"", False) for name, value in named)


def _sent(value: Json) -> str:
    # null is a name without a value: present and empty (N5).
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if value is not None else ""


def json_shape(request: Request) -> str:
    """Say what JSON a body labelled as a form is or is meant to be; empty for any other."""
    body = _text(request)
    shape = _BEGINS.get(body[:1])
    if shape is None:
        return ""
    if json_pairs(request):
        return shape
    # The printed form of an object is not JSON; but every form has an equals sign.
    return "" if b"=" in body else f"a text that begins like {shape}"


def _text(request: Request) -> bytes:
    body = request.body.strip()
    return as_name(body) if request.media_type == FORM and body[:3].upper() in {b"%7B", b"%5B"} else body


def as_name(body: bytes) -> bytes:
    """Undo a form encoder that made a single name of a text, as it does with a text instead of pairs."""
    return unquote_to_bytes(body.removesuffix(b"=").replace(b"+", b" "))


def _pairs(item: Json) -> Iterator[tuple[str, Json]]:
    match item:
        case [str(name), value]:
            yield name, value
        case dict() if len(item) == 1:
            yield from item.items()
        case dict():
            lower = {name.lower(): value for name, value in item.items()}
            for key in _NAMES:
                named = lower.get(key)
                if lower.keys() == {key, "value"} and isinstance(named, str):
                    yield named, lower["value"]


# The first line is the boundary, whatever the media type says.
_BEGINNING = re.compile(rb"--([^\r\n\"]{1,70})\r?\ncontent-disposition:", re.IGNORECASE)


def is_multipart(body: bytes) -> bool:
    """Whether a body begins as multipart/form-data does."""
    return _BEGINNING.match(body) is not None


def multipart_pairs(request: Request) -> Iterator[Pair]:
    """Give each named part in order; none where the body is not multipart."""
    kind = (request.headers.get("content-type") or "").encode("latin-1", "replace")
    if begins := _BEGINNING.match(request.body):
        kind = b'multipart/form-data; boundary="' + begins[1] + b'"'
    message = message_from_bytes(b"Content-Type: " + kind + b"\r\n\r\n" + request.body)
    for part in message.get_payload() if message.is_multipart() else ():
        name = None if isinstance(part, str) else part.get_param("name", header="content-disposition")
        if isinstance(part, str) or not isinstance(name, str):
            continue
        payload = part.get_payload(decode=True)
        raw = payload if isinstance(payload, bytes) else b""
        yield Pair(name, raw.decode("utf-8", "replace"), raw, False)
