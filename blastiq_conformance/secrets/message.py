"""Where the secrets of an HTTP message stand: each place is shown to what reads or replaces them, the rest stays."""

import base64
import re
from dataclasses import replace
from urllib.parse import unquote_plus

from blastiq_conformance.secrets.body import body, pairs
from blastiq_conformance.secrets.place import Kind, Place, Show
from blastiq_conformance.sources.edited import SEALED
from fake_idp.content_coding import WITHHELD
from fake_idp.journal import Exchange
from fake_idp.secrets.basic import unpacked
from fake_idp.secrets.charset_variants import as_bytes
from fake_idp.secrets.same_form import percent_encoded
from fake_idp.secrets.secret_names import KINDS, kind_of
from fake_idp.wire import Ending, Headers, Request, Response

_AUTHORIZATION = frozenset({"authorization", "proxy-authorization"})
_LONGEST_LENGTH = 18
_URLS = frozenset({"referer", "location", "content-location", "origin"})
# Hosts, media types and lengths hold no secret, and a short one that looks like a part of them is none.
_PLAIN = frozenset({"host", "content-type", "content-length", "accept", "connection", "date", "user-agent", "server"})
# `Refresh` is a field of old browsers.
_PLAIN |= {"refresh"}
_URL = re.compile(r"[a-z]+://\S+\Z")
_USUAL = _AUTHORIZATION | _URLS | _PLAIN | {"", "get", "post", "head", "put", "patch", "delete", "options", "ok"}
_USUAL |= {"accept-encoding", "accept-language", "cache-control", "pragma", "cookie", "set-cookie", "content-encoding"}
_USUAL |= {"transfer-encoding", "vary", "expires", "etag", "www-authenticate", "retry-after", "bad request"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]{5,16}(?:Z|\+00:00)")
USERINFO = re.compile(r"(?<=://)([^/?#@:\s]*)(:?)([^/?#@\s]*)(?=@)")
_SHORTEST_COOKIE = 8
_SCHEME = re.compile(r"(\s*[A-Za-z][\w-]*\s+)(.*?)(\s*)", re.DOTALL)


def exchange(found: Exchange, show: Show) -> Exchange:
    """Show every place of an exchange."""
    asked, at, source = request(found.request, show), named(found.at, show), named(found.source, show)
    answer = None if found.response is None else response(found.response, show)
    new = replace(found, request=asked, response=answer, at=at, source=source)
    parts = (("body", found.request, asked), ("response", found.response, answer))
    lost = {part for part, old, shown in parts if old and shown and shown.body == WITHHELD != old.body}
    if not lost:
        return new
    # What is edited without more may have been so anywhere.
    anywhere = new.edited and not new.lost
    return replace(new, edited=new.edited or SEALED, lost=frozenset() if anywhere else new.lost | lost)


def request(sent: Request, show: Show) -> Request:
    """Show every place of a request, and adjust its Content-Length where the body became longer or shorter."""
    new = body(sent.body, show, sent.headers.get("content-encoding"))
    return replace(
        sent,
        method=named(sent.method, show),
        target=url(sent.target, show),
        headers=_fitted(sent.headers, show, sent.body, new),
        body=new,
    )


def response(got: Response, show: Show) -> Response:
    """Show every place of a response; what never left of its body is dropped where something was replaced."""
    sent = got.sent
    new = body(sent, show, got.headers.get("content-encoding"))
    delivery, whole = got.delivery, new
    if delivery.ending is not Ending.COMPLETE and new == sent:
        whole = got.body
    elif delivery.ending is not Ending.COMPLETE:
        delivery = replace(delivery, after=len(new))
    return replace(
        got,
        reason=named(got.reason, show),
        headers=_fitted(got.headers, show, got.body, whole),
        body=whole,
        delivery=delivery,
    )


def _fitted(fields: Headers, show: Show, old: bytes, new: bytes) -> Headers:
    more = len(new) - len(old)
    return Headers(tuple((named(name, show), named_value(name, value, show, more=more)) for name, value in fields))


def named(text: str, show: Show, kind: str = Kind.TEXT) -> str:
    """Show a name, or a text of few words: nearly all are the same few, and a look-up is a tenth of a search."""
    return text if text.lower() in _USUAL or _TIME.fullmatch(text) else show(Place(kind, text))


def fitted(value: str, more: int) -> str:
    """Give the Content-Length of a body that grew by so many bytes: a false one stays false."""
    length = value.strip()
    if more and length.isdecimal() and len(length) <= _LONGEST_LENGTH:
        return value.replace(length, str(max(0, int(length) + more)))
    return value


def named_value(name: str, value: str, show: Show, kind: str = Kind.TEXT, more: int = 0) -> str:
    """Show the places of what stands under a name: a header field, a parameter, a member, a setting.

    The body beside it grew by so many bytes `more`.
    """
    match name.lower():
        case lower if lower in _AUTHORIZATION:
            return _authorization(value, show)
        case "cookie":
            return ";".join(_cookie(part, show) for part in value.split(";"))
        case "set-cookie":
            first, mark, rest = value.partition(";")
            return _cookie(first, show) + mark + show(Place(Kind.PLAIN, rest))
        case lower if lower in _URLS or _URL.match(value):
            return url(value, show)
        case lower if lower in _PLAIN:
            return show(Place(Kind.PLAIN, fitted(value, more) if lower == "content-length" else value))
        case lower if lower in KINDS:
            return show(Place(KINDS[lower], value))
        case lower if kind_of(lower) not in {None, "username"}:
            return show(Place(Kind.CREDENTIAL, value))
    return show(Place(kind, value))


def field_line(text: str, show: Show, more: int = 0) -> str:
    """Show the places of a header field in a line of its own, beside a body that grew by so many bytes."""
    name, colon, value = text.partition(":")
    content = value.strip()
    new = named_value(name.strip(), content, show, more=more)
    return name + colon + (value.replace(content, new, 1) if content else value)


def _authorization(value: str, show: Show) -> str:
    match = _SCHEME.fullmatch(value)
    if match is None:
        return show(Place(Kind.BEARER, value))
    scheme, credentials, end = match.groups()
    if scheme.strip().lower() != "basic":
        return scheme + show(Place(Kind.BEARER, credentials)) + end
    text = unpacked(credentials, "surrogateescape")
    if text is None:
        return scheme + show(Place("basic", credentials)) + end
    new = show(Place(Kind.ACCOUNT, text, as_bytes(credentials)))
    packed = credentials if new == text else base64.b64encode(as_bytes(new)).decode()
    return scheme + packed + end


def form_encoded(kind: str, text: str, show: Show) -> str:
    """Show a secret that is encoded as in a form."""
    value = unquote_plus(text)
    return percent_encoded(text, value, show(Place(kind, value, as_bytes(text))))


def _cookie(text: str, show: Show) -> str:
    name, equals, value = text.partition("=")
    return show(Place(Kind.TEXT, name)) + equals + cookie(value, show)


def cookie(value: str, show: Show) -> str:
    """Show the value of a cookie: a session, or a setting, which is shorter."""
    plain = value.strip()
    if len(plain) < _SHORTEST_COOKIE:
        return show(Place(Kind.TEXT, value))
    return value.replace(plain, show(Place(Kind.COOKIE, plain)))


def url(text: str, show: Show) -> str:
    """Show the places of a URL or a target: user information, path, query and fragment."""
    head, mark, query = text.partition("?")
    if not mark:
        head, mark, query = text.partition("#")
    if "@" in head:
        head = USERINFO.sub(
            lambda m: form_encoded("username", m[1], show) + m[2] + form_encoded("password", m[3], show), head
        )
    start, slashes, path = head.partition("://")
    host, slash, path = path.partition("/") if slashes else ("", "", start)
    path = show(Place(Kind.TEXT, path))
    if not slashes and not mark:
        return path
    front = start + slashes + host + slash if slashes else ""
    # Targets are latin-1, which loses no byte; a URL that a tool wrote may be any text.
    charset = "latin-1" if all(character < "\u0100" for character in query) else "utf-8"
    encoded = query.encode(charset, "surrogatepass" if charset == "utf-8" else "strict")
    return show(Place(Kind.PLAIN, front + path + mark + pairs(encoded, show, in_url=True).decode(charset, "replace")))
