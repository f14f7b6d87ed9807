"""Where the secrets of an HTTP message stand: each place is shown to what reads or replaces them, the rest stays."""

import base64
import re
from dataclasses import replace
from urllib.parse import unquote_plus

from blastiq_conformance.secrets.body import body, pairs
from blastiq_conformance.secrets.visitor import Visitor
from blastiq_conformance.sources.edited import SEALED
from fake_idp.content_coding import WITHHELD
from fake_idp.journal import Exchange
from fake_idp.secrets.basic import unpacked
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


def exchange(found: Exchange, visitor: Visitor) -> Exchange:
    """Show every place of an exchange."""
    asked, at, source = request(found.request, visitor), named(found.at, visitor), named(found.source, visitor)
    answer = None if found.response is None else response(found.response, visitor)
    new = replace(found, request=asked, response=answer, at=at, source=source)
    parts = (("body", found.request, asked), ("response", found.response, answer))
    lost = {part for part, old, shown in parts if old and shown and shown.body == WITHHELD != old.body}
    if not lost:
        return new
    # What is edited without more may have been so anywhere.
    anywhere = new.edited and not new.lost
    return replace(new, edited=new.edited or SEALED, lost=frozenset() if anywhere else new.lost | lost)


def request(sent: Request, visitor: Visitor) -> Request:
    """Show every place of a request, and adjust its Content-Length where the body became longer or shorter."""
    new = body(sent.body, visitor, sent.headers.get("content-encoding"))
    return replace(
        sent,
        method=named(sent.method, visitor),
        target=url(sent.target, visitor),
        headers=_fitted(sent.headers, visitor, sent.body, new),
        body=new,
    )


def response(got: Response, visitor: Visitor) -> Response:
    """Show every place of a response; what never left of its body is dropped where something was replaced."""
    sent = got.sent
    new = body(sent, visitor, got.headers.get("content-encoding"))
    delivery, whole = got.delivery, new
    if delivery.ending is not Ending.COMPLETE and new == sent:
        whole = got.body
    elif delivery.ending is not Ending.COMPLETE:
        delivery = replace(delivery, after=len(new))
    return replace(
        got,
        reason=named(got.reason, visitor),
        headers=_fitted(got.headers, visitor, got.body, whole),
        body=whole,
        delivery=delivery,
    )


def _fitted(fields: Headers, visitor: Visitor, old: bytes, new: bytes) -> Headers:
    more = len(new) - len(old)
    return Headers(
        tuple((named(name, visitor), fitted(name, named_value(name, value, visitor), more)) for name, value in fields)
    )


def named(text: str, visitor: Visitor, *, short: bool = True) -> str:
    """Show a name, or a text of few words: nearly all are the same few, and a look-up is a tenth of a search."""
    return text if text.lower() in _USUAL or _TIME.fullmatch(text) else visitor.text(text, short=short)


def fitted(name: str, value: str, more: int) -> str:
    """Give the value of a header field beside a body that grew by so many bytes: a false length stays false."""
    length = value.strip()
    if more and name.lower() == "content-length" and length.isdecimal() and len(length) <= _LONGEST_LENGTH:
        return value.replace(length, str(max(0, int(length) + more)))
    return value


def named_value(name: str, value: str, visitor: Visitor, *, short: bool = True) -> str:
    """Show the places of what stands under a name: a header field, a parameter, a member, a setting."""
    match name.lower():
        case lower if lower in _AUTHORIZATION:
            return _authorization(value, visitor)
        case "cookie":
            return ";".join(_cookie(part, visitor) for part in value.split(";"))
        case "set-cookie":
            first, mark, rest = value.partition(";")
            return _cookie(first, visitor) + mark + visitor.text(rest, short=False)
        case lower if lower in _URLS or _URL.match(value):
            return url(value, visitor)
        case lower if lower in _PLAIN:
            return visitor.text(value, short=False)
        case lower if (kind := KINDS.get(lower)) is not None:
            return visitor.secret(kind, value)
        case lower if kind_of(lower) not in {None, "username"}:
            return visitor.odd_one("credential", value)
    return visitor.text(value, short=short)


def field_line(text: str, visitor: Visitor, more: int = 0) -> str:
    """Show the places of a header field in a line of its own, beside a body that grew by so many bytes."""
    name, colon, value = text.partition(":")
    content = value.strip()
    new = fitted(name.strip(), named_value(name.strip(), content, visitor), more)
    return name + colon + (value.replace(content, new, 1) if content else value)


def _authorization(value: str, visitor: Visitor) -> str:
    match = _SCHEME.fullmatch(value)
    if match is None:
        return visitor.token(value) if value.strip() else value
    scheme, credentials, end = match.groups()
    if scheme.strip().lower() != "basic":
        return scheme + (visitor.token(credentials) if credentials else "") + end
    return scheme + _basic(credentials, visitor) + end


def _basic(credentials: str, visitor: Visitor) -> str:
    text = unpacked(credentials, "surrogateescape")
    if text is None:
        return visitor.secret("basic", credentials)
    visitor.packed(credentials)
    new = account(text, visitor)
    return credentials if new == text else base64.b64encode(new.encode("utf-8", "surrogateescape")).decode()


def account(text: str, visitor: Visitor) -> str:
    """Show the name and the password of Basic, parted by a colon; both are one secret where it is missing."""
    if visitor.is_client(unquote_plus(text)):
        return text
    user, colon, password = text.partition(":")
    if not colon:
        new = text if visitor.is_kept(text) else visitor.text(text)
        return new if visitor.is_kept(text) or visitor.is_client(new) else visitor.secret("basic", text)
    client = visitor.is_client(user) or visitor.is_client(unquote_plus(user))
    new_user = user if client else _form_encoded("username", user, visitor)
    new_password = _form_encoded("client_secret" if client else "password", password, visitor)
    return f"{new_user}:{new_password}"


def _form_encoded(kind: str, value: str, visitor: Visitor) -> str:
    # RFC 6749 2.3.1 form-encodes what goes into Basic: the same value then, and still recognised as encoded.
    plain = unquote_plus(value)
    if plain != value and (visitor.is_known(plain) or visitor.is_client(plain)):
        return _decoded(kind, value, visitor)
    return visitor.secret(kind, value)


def _decoded(kind: str, text: str, visitor: Visitor) -> str:
    value = unquote_plus(text)
    return percent_encoded(text, value, visitor.secret(kind, value, text.encode("utf-8", "surrogateescape")))


def _cookie(text: str, visitor: Visitor) -> str:
    name, equals, value = text.partition("=")
    return visitor.text(name) + equals + cookie(value, visitor)


def cookie(value: str, visitor: Visitor) -> str:
    """Show the value of a cookie: a session, or a setting, which is shorter."""
    plain = value.strip()
    if len(plain) < _SHORTEST_COOKIE:
        return visitor.text(value)
    return value.replace(plain, visitor.odd_one("cookie", plain))


def url(text: str, visitor: Visitor) -> str:
    """Show the places of a URL or a target: user information, path, query and fragment."""
    head, mark, query = text.partition("?")
    if not mark:
        head, mark, query = text.partition("#")
    if "@" in head:
        head = USERINFO.sub(
            lambda m: _decoded("username", m[1], visitor) + m[2] + _decoded("password", m[3], visitor), head
        )
    start, slashes, path = head.partition("://")
    host, slash, path = path.partition("/") if slashes else ("", "", start)
    path = "/".join(visitor.text(segment, short=visitor.is_known(segment)) for segment in path.split("/"))
    front = start + slashes + host + slash if slashes else ""
    # Targets are latin-1, which loses no byte; a URL that a tool wrote may be any text.
    charset = "latin-1" if all(character < "\u0100" for character in query) else "utf-8"
    encoded = query.encode(charset, "surrogatepass" if charset == "utf-8" else "strict")
    return visitor.text(
        front + path + mark + pairs(encoded, visitor, in_url=True).decode(charset, "replace"), short=False
    )
