"""What a body labelled as a form really is, and the form that is wrapped in it."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote_plus

from blastiq_conformance.evidence.json_body import as_name, json_shape
from blastiq_conformance.evidence.multipart import is_multipart
from blastiq_conformance.evidence.parameters import KNOWN
from fake_idp.content_coding import WITHHELD, inflate
from fake_idp.lazy import kept
from fake_idp.wire import FORM, Request

# A token request is small; a body that inflates to more is not one.
_LIMIT = 1 << 20
_AMPERSAND = b"&amp;"
_UTF_16 = {BOM_UTF16_LE: "utf-16-le", BOM_UTF16_BE: "utf-16-be"}
# What other formats put between their fields: cookies and matrix parameters, lists, lines of a file.
_OTHER_SEPARATOR = re.compile(rb"(?:[;,]|\r?\n)[ \t\r\n]*")
# A raw value may begin or end with a blank; as many of them are the separator's.
_SEVERAL = 2
# BIQ214's: all is there, in another encoding.
IN_UTF_16 = "a form in UTF-16"
WITHOUT_FIELDS = "a text without any field"
_FIELD = re.compile(rb"=[^=]")
# What writes nested objects and lists makes data[grant_type]= or grant_type[]= of a name.
_BRACKETED = re.compile(rb"(\w+(?:\[|%5B))([a-z_]+)(\]|%5D)=|()([a-z_]+)(\[\]|%5B%5D)=", re.IGNORECASE)


class WrappedForm(NamedTuple):
    """A form in a wrapping that no server removes: what the body is, the form, and how it was wrapped."""

    what: str
    form: bytes
    wrap: Callable[[bytes], bytes]


def decoded(request: Request) -> Request:
    """Give the request as it is to be read: inflated, so that BIQ220 is one cause, and without a withheld body."""
    if WITHHELD in request.body:
        return replace(request, body=b"")
    if request.headers.get("content-encoding") is None:
        return request
    return replace(request, body=inflate(request.body)[:_LIMIT])


def disguise(request: Request) -> str:
    """Say what such a body is; empty for a form, and for what is not labelled as one."""
    body = request.body
    if request.media_type != FORM or not body:
        return ""
    wrapped = wrapped_in(request)
    if wrapped is not None:
        return wrapped.what
    if is_multipart(body):
        return "a multipart body"
    if shape := json_shape(request):
        return shape
    if body.lstrip().startswith(b"<"):
        return "a text that begins like XML"
    return "" if _FIELD.search(body) else WITHOUT_FIELDS


# Its fields are asked for as well as what it is, and most requests are forms in no wrapping.
@kept
def wrapped_in(request: Request) -> WrappedForm | None:
    """Find the form in the body of a request."""
    return wrapped_form(request.body)


def wrapped_form(body: bytes) -> WrappedForm | None:
    """Find the form in a body that was written in another way, or in which something stands around the form."""
    return next((found for unwrap in _WRAPPINGS if (found := unwrap(body)) is not None), None)


def _in_utf_16(body: bytes) -> WrappedForm | None:
    if b"\0" not in body[:4]:
        return None
    mark = body[:2] if body[:2] in _UTF_16 else b""
    encoding = _UTF_16[mark or (BOM_UTF16_BE if body[:1] == b"\0" else BOM_UTF16_LE)]
    try:
        form = body.removeprefix(mark).decode(encoding).encode()
    except UnicodeDecodeError:
        return None
    wrapped = WrappedForm(IN_UTF_16, form, lambda new: mark + new.decode().encode(encoding))
    return wrapped if _names_fields(form) else None


def _in_quotation_marks(body: bytes) -> WrappedForm | None:
    mark, end = body[:1], body.rstrip()
    if mark not in {b'"', b"'"} or not end.endswith(mark):
        return None
    form = end[1:-1]
    return (
        WrappedForm("a form in quotation marks", form, lambda new: mark + new + mark) if _names_fields(form) else None
    )


def _parted_otherwise(body: bytes) -> WrappedForm | None:
    """Find fields with something else than & between them."""
    found = None if b"&" in body else _OTHER_SEPARATOR.search(body)
    if found is None:
        return None
    between = found[0]
    form = _OTHER_SEPARATOR.sub(b"&", body.strip())
    what = f"fields with {between.strip().decode() or 'a line break'} between them, not &"
    return WrappedForm(what, form, lambda new: new.replace(b"&", between)) if _names_fields(form) else None


def _parted_loosely(body: bytes) -> WrappedForm | None:
    """Find a form that was laid out for people to read, with white space at each &."""
    first, *others = pieces = body.split(b"&")
    if len(others) < _SEVERAL:
        return None
    after = others[0][: -len(others[0].lstrip()) or None]
    before = first[len(first.rstrip()) :]
    if not all(piece[:1].isspace() for piece in others) and not all(piece[-1:].isspace() for piece in pieces[:-1]):
        return None
    form = b"&".join(piece.strip() for piece in pieces)
    between = before + b"&" + after
    what = "a form with white space beside each &"
    return WrappedForm(what, form, lambda new: new.replace(b"&", between)) if _names_fields(form) else None


def _in_brackets(body: bytes) -> WrappedForm | None:
    match = _BRACKETED.match(body)
    if match is None:
        return None
    before, after = (match[1], match[3]) if match[1] else (b"", match[6])
    pieces = [piece.removeprefix(before).partition(after + b"=") for piece in body.split(b"&")]
    form = b"&".join(name + b"=" + value for name, _, value in pieces)

    def wrap(new: bytes) -> bytes:
        fields = (field.partition(b"=") for field in new.split(b"&"))
        return b"&".join(before + name + after + b"=" + value for name, _, value in fields)

    what = "a form whose names stand beside or in brackets"
    return WrappedForm(what, form, wrap) if _names_fields(form) and wrap(form) == body else None


def _names_fields(form: bytes) -> bool:
    """Whether at least two of its fields have a name that a token request has."""
    names = {piece.partition(b"=")[0].decode("latin-1") for piece in form.split(b"&") if b"=" in piece}
    return len(names & KNOWN) > 1


def _escaped_for_html(body: bytes) -> WrappedForm | None:
    if _AMPERSAND not in body:
        return None
    # A field named amp;username, where the separators are: PHP's arg_separator.output, a template of HTML.
    names = [piece.partition(b"=")[0] for piece in body.split(b"&")]
    if len(names) < 2 or not all(name.startswith(b"amp;") for name in names[1:]):
        return None
    form = body.replace(_AMPERSAND, b"&")
    return WrappedForm("a form whose & was escaped as &amp;", form, lambda new: new.replace(b"&", _AMPERSAND))


def _encoded_as_a_whole(body: bytes) -> WrappedForm | None:
    ending = b"=" if body.endswith(b"=") else b""
    whole = body.removesuffix(b"=")
    if b"=" in whole or b"&" in whole or b"%3d" not in whole.lower():
        return None
    form = as_name(whole)
    if form.lstrip()[:1] in {b"{", b"["}:
        return None
    what = "a form that was percent-encoded as a whole"
    return WrappedForm(what, form, lambda new: quote_plus(new).encode() + ending)


_WRAPPINGS = (
    _in_utf_16,
    _in_quotation_marks,
    _escaped_for_html,
    _encoded_as_a_whole,
    _parted_otherwise,
    _parted_loosely,
    _in_brackets,
)
