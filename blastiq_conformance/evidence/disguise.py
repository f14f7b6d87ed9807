"""What a body labelled as a form really is, and the form that is wrapped in it."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote_plus

from blastiq_conformance.evidence.json_body import as_name, json_shape
from blastiq_conformance.evidence.multipart import is_multipart
from fake_idp.content_coding import inflate
from fake_idp.wire import FORM, Request

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
