"""Recordings as trees of values, whatever tool wrote them: each text is redacted as what its name says it is."""

import base64
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import cast
from urllib.parse import quote, quote_plus

from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.document.filled import Filled
from blastiq_conformance.secrets.body import body, body_text
from blastiq_conformance.secrets.message import cookie, field_line, fitted, named, named_value
from blastiq_conformance.sources.recorded import is_time

# In the text of whatever lists the fields of a message.
_CLAIMED = re.compile(r"content-length(?:\W|value|b(?='))+(\d+)", re.IGNORECASE)
Members = Mapping[str, object]
_Show = Callable[[str], str]
_TIMES = frozenset({"recorded_at", "startedDateTime"})
# Their values are words of the tool that wrote them.
_PLAIN = frozenset({"mode", "options", "disabled", "protocol", "port", "type", "src", "mimeType", "httpVersion"})
_URLS = frozenset({"url", "uri", "request_uri", "redirectURL"})
_HEADERS, _BODIES = ("headers", "header"), ("body", "content", "postData", "stream")
# What holds a body, in the order in which a reader looks.
_TEXTS = ("text", "raw", "string", "base64_string", "data", "params", "urlencoded")
_FIELDS = frozenset({"queryString", "query", "params", "urlencoded", "formdata", "variable", "form"})
_COOKIES = frozenset({"cookies", "cookie"})
_PROSE = frozenset({"description", "exec"})
# Under these names stands a body, or what holds one; and a message, or a part of one.
_HOLDING = frozenset((*_BODIES, *_TEXTS))
_IN_MESSAGES = frozenset((*_HEADERS, *_BODIES, *_FIELDS, *_PROSE))
_SIZES = frozenset({"bodySize", "content_length", "responseSize", "size"})


class Tree:
    """Redacts a tree; texts may hold variables."""

    def __init__(self, redaction: Redaction, filled: Filled | None = None) -> None:
        """Take what has learned from the whole document, and its variables."""
        self.redaction = redaction
        self._place: Callable[[str, _Show], str] = filled.place if filled else lambda text, show: show(text)
        self._resolved: _Show = filled.resolved if filled else str
        self._renewed: _Show = filled.renewed if filled else str
        self._grown = 0

    def walk(self, value: object, name: str = "", *, short: bool = False) -> object:
        """Redact every text in what stands under a name; `short`: in a message, where short values count as well."""
        short = short or name in _IN_MESSAGES
        match value:
            case _ if name in _PLAIN or (name == "code" and not short):
                return value
            case bytes() if name in _HOLDING:
                return body(value, self.redaction)
            case bytes():
                return self._leaf(name, value.decode("latin-1"), short=short).encode("latin-1", "replace")
            case str():
                return self._leaf(name, value, short=short)
            case list() if name == "data" and _octets(value):
                return list(body(bytes(value), self.redaction))
            case list() | tuple():
                if name in _PROSE:
                    self.redaction.remark("\n".join(each for each in value if isinstance(each, str)))
                return [self.walk(each, name, short=short) for each in value]
            case dict():
                return self._object(name, value, short=short)
            case _:
                return value

    def _object(self, name: str, value: Members, *, short: bool) -> object:
        # Bodies first: the lengths beside them depend on how much longer they become.
        new = {m: self._member(name, str(m), value, short=short) for m in value if m in _HOLDING}
        outer, self._grown = self._grown, self._growth(value, new, self._grown)
        new |= {m: self._member(name, str(m), value, short=short) for m in value if m not in _HOLDING}
        self._grown = outer
        return {self._name(m, short=short): new[m] for m in value}

    def _name(self, name: object, *, short: bool) -> object:
        return named(name, self.redaction, short=short) if isinstance(name, str) else name

    def _member(self, name: str, member: str, value: Members, *, short: bool) -> object:
        part, kind = value[member], self._kind(name, member, value)
        if isinstance(part, str) and _is_base64(member, value):
            return base64.b64encode(body(base64.b64decode(part), self.redaction)).decode()
        if member in {"name", "key"} and isinstance(part, str):
            return named(part, self.redaction, short=short)
        if kind in _COOKIES and isinstance(part, str):
            return cookie(part, self.redaction)
        if kind in _SIZES and isinstance(part, int) and part > 0:
            return max(1, part + self._grown)
        return self.walk(part, kind, short=short)

    def _growth(self, old: Members, new: Members, outer: int) -> int:
        """Tell how much longer the body became that stands in a message, or that is held with its size."""
        held = next((name for name in _BODIES if name in old), "")
        if not held and "size" not in old:
            return outer
        before, after = (old[held], new[held]) if held else (old, new)
        # Tools differ in whether params stand decoded: the length tells, where there is one (see `sources.har`).
        length = _content_length(old)
        fits = (write for write in (str, quote_plus, quote) if length == str(_length(before, write, self._resolved)))
        write = next(fits, quote_plus) if length else quote_plus
        return _length(after, write, self._renewed) - _length(before, write, self._resolved)

    def _kind(self, name: str, member: str, value: Members) -> str:
        """Tell under which name the value of a member stands."""
        if member == "value" and name in _COOKIES:
            return name
        if member == "value" and (paired := value.get("name") or value.get("key")) is not None:
            # Of an API key, the value stands beside its name, under no name of its own.
            return "api_key" if name == "apikey" and paired not in {"key", "in"} else str(paired)
        return "url" if name == "url" and member in {"raw", "path", "host", "hash"} else member

    def _leaf(self, name: str, text: str, *, short: bool) -> str:
        if name in _TIMES:
            return text if is_time(text) else ""
        return self._place(text, partial(self._shown, name, short=short))

    def _shown(self, name: str, text: str, *, short: bool) -> str:
        if name in _HOLDING:
            return body_text(text, self.redaction)
        if name in _HEADERS:
            # As older collections have them: a line each.
            return "\n".join(field_line(line, self.redaction, self._grown) for line in text.split("\n"))
        if name.lower() == "content-length":
            return fitted(name, text, self._grown)
        if name in _PROSE:
            self.redaction.remark(text)
        new = named_value("location" if name in _URLS else name, text, self.redaction, short=short)
        return self.redaction.prose(new) if name in _PROSE else new


def members(value: object) -> Members:
    """Give the members of a mapping; none of anything else."""
    return cast("Members", value) if isinstance(value, dict) else {}


def _length(held: object, write: _Show, fill: _Show) -> int:
    """Give the length of a body, whatever holds it; of a list of parameters as they are written in a form."""
    match held:
        case str():
            return len(_bytes(fill(held)))
        case bytes():
            return len(held)
        case dict():
            name = next((name for name in _TEXTS if name in held), "")
            part = held.get(name)
            return len(base64.b64decode(str(part))) if _is_base64(name, held) else _length(part, write, fill)
        case list() if _octets(held):
            return len(held)
        case list():
            pairs = (
                f"{write(fill(_name_of(each)))}={write(fill(str(each.get('value', ''))))}"
                for each in map(members, held)
            )
            return len(_bytes("&".join(pairs)))
        case _:
            return 0


def _is_base64(name: str, held: Members) -> bool:
    packed = "base64" in (held.get("encoding"), held.get("_encoding"))
    return name == "base64_string" or (packed and name == "text")


def _octets(held: list[object]) -> bool:
    return bool(held) and all(isinstance(octet, int) and 0 <= octet < 256 for octet in held)


def _name_of(pair: Members) -> str:
    return str(pair.get("name") or pair.get("key") or "")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _content_length(message: Members) -> str:
    """Give the first Content-Length of a message, however a tool lists its fields; empty where there is none."""
    found = _CLAIMED.search(str(message.get("headers") or message.get("header")))
    return found[1] if found is not None else ""
