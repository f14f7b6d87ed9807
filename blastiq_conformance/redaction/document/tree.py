"""Recordings as trees of values, whatever tool wrote them: each text is redacted as what its name says it is."""

import base64
from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

from blastiq_conformance.secrets import message
from blastiq_conformance.secrets.body import body, body_text
from blastiq_conformance.secrets.message import cookie, field_line, named, named_value
from blastiq_conformance.secrets.place import Kind, Place, Show
from blastiq_conformance.sources.recorded import is_time
from fake_idp.journal import Exchange
from fake_idp.wire import Response

Members = Mapping[str, object]
Write = Callable[[str], str]
_TIMES = frozenset({"recorded_at", "startedDateTime"})
# Their values are words of the tool that wrote them.
_PLAIN = frozenset({"mode", "options", "disabled", "protocol", "port", "type", "src", "mimeType", "httpVersion"})
_URLS = frozenset({"url", "uri", "request_uri", "redirectURL"})
_HEADERS, _BODIES = ("headers", "header"), ("body", "content", "postData", "stream")
# What holds a body.
_TEXTS = ("text", "raw", "string", "base64_string", "data", "params", "urlencoded")
_FIELDS = frozenset({"queryString", "query", "params", "urlencoded", "formdata", "variable", "form"})
_COOKIES = frozenset({"cookies", "cookie"})
_PROSE = frozenset({"description", "exec"})
# Under these names stands a body, or what holds one; and a message, or a part of one.
_HOLDING = frozenset((*_BODIES, *_TEXTS))
_IN_MESSAGES = frozenset((*_HEADERS, *_BODIES, *_FIELDS, *_PROSE))
_SIZES = frozenset({"bodySize", "content_length", "responseSize", "size"})
_MEASURED = _SIZES | {*_HEADERS}


class Tree:
    """Redacts a tree; texts may hold variables."""

    # What was read of the part that is walked through.
    exchange: Exchange | None = None

    def __init__(self, show: Show, place: Callable[[str, Write], str] = lambda text, write: write(text)) -> None:
        """Take what answers for each place, and what fills in the variables of a text."""
        self.show = show
        self._place = place
        self._grown = 0

    def walk(self, value: object, name: str = "", kind: Kind = Kind.PLAIN) -> object:
        """Redact every text in what stands under a name; in a message, short secrets count in it as well."""
        kind = Kind.TEXT if name in _IN_MESSAGES else kind
        match value:
            case _ if name in _PLAIN or (name == "code" and kind == Kind.PLAIN):
                return value
            case bytes() if name in _HOLDING:
                return body(value, self.show)
            case bytes():
                return str(self.walk(value.decode("latin-1"), name, kind)).encode("latin-1", "replace")
            case str():
                return self._place(value, partial(self._shown, name, kind=kind))
            case list() if name == "data" and _octets(value):
                return list(body(bytes(value), self.show))
            case list() | tuple():
                return [self.walk(each, name, kind) for each in value]
            case dict():
                return self._object(name, value, kind)
            case _:
                return value

    def _object(self, name: str, value: Members, kind: Kind) -> object:
        # Bodies first: the lengths beside them depend on how much longer they become.
        new = {m: self._member(name, m, value, kind) for m in value if m in _HOLDING}
        outer = self._grown
        if value.keys() & _MEASURED and any(new[m] != value[m] for m in new):
            self._grown = self._growth(value, new)
        new |= {m: self._member(name, str(m), value, kind) for m in value if m not in _HOLDING}
        self._grown = outer
        return {self._called(m, kind): new[m] for m in value}

    def _called(self, member: object, kind: Kind) -> object:
        return named(member, self.show, kind) if isinstance(member, str) else member

    def _member(self, name: str, member: str, value: Members, kind: Kind) -> object:
        part, name = value[member], self._name(name, member, value)
        packed = member == "text" and "base64" in (value.get("encoding"), value.get("_encoding"))
        if isinstance(part, str) and (packed or member == "base64_string"):
            return base64.b64encode(body(base64.b64decode(part), self.show)).decode()
        if member in {"name", "key"} and isinstance(part, str):
            return named(part, self.show, kind)
        if name in _COOKIES and isinstance(part, str):
            return cookie(part, self.show)
        if name in _SIZES and isinstance(part, int) and part > 0:
            return max(1, part + self._grown)
        return self.walk(part, name, kind)

    def _growth(self, old: Members, new: Members) -> int:  # noqa: ARG002 - for those who read no exchange
        """Tell how much longer the body of a message became that was read, of whatever these are the members."""
        match self.exchange:
            case Exchange(request=request) if "method" in old:
                return len(message.request(request, self.show).body) - len(request.body)
            case Exchange(response=Response() as response):
                return len(message.response(response, self.show).body) - len(response.body)
        return 0

    def _name(self, name: str, member: str, value: Members) -> str:
        """Tell under which name the value of a member stands."""
        if member == "value" and name in _COOKIES:
            return name
        if member == "value" and (paired := value.get("name") or value.get("key")) is not None:
            # Of an API key, the value stands beside its name, under no name of its own.
            return "api_key" if name == "apikey" and paired not in {"key", "in"} else str(paired)
        return "url" if name == "url" and member in {"raw", "path", "host", "hash"} else member

    def _shown(self, name: str, text: str, kind: Kind) -> str:
        if name in _TIMES:
            return text if is_time(text) else ""
        if name in _HOLDING:
            return body_text(text, self.show)
        if name in _HEADERS:
            # As older collections have them: a line each.
            return "\n".join(field_line(line, self.show, self._grown) for line in text.split("\n"))
        if name in _PROSE:
            return self.show(Place(Kind.PROSE, text))
        return named_value("location" if name in _URLS else name, text, self.show, kind, self._grown)


def members(value: object) -> Members:
    """Give the members of a mapping; none of anything else."""
    return cast("Members", value) if isinstance(value, dict) else {}


def _octets(held: list[object]) -> bool:
    return bool(held) and all(isinstance(octet, int) and 0 <= octet < 256 for octet in held)
