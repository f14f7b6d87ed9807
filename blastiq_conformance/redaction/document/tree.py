"""Recordings as trees of values, whatever tool wrote them: each place is redacted as what its name says it is."""

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import cast
from urllib.parse import quote, quote_plus

from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.body import KINDS, body, pairs
from blastiq_conformance.redaction.document.filled import Filled
from blastiq_conformance.redaction.message import cookie, fitted, header, named, url
from blastiq_conformance.sources.recorded import is_time

Members = Mapping[str, object]
_TIMES = frozenset({"recorded_at", "startedDateTime"})
# Their values are words of the tool that wrote them.
_PLAIN = frozenset({"mode", "options", "disabled", "protocol", "port"})
_URLS = frozenset({"url", "uri", "request_uri", "redirectURL", "raw"})
_HEADERS, _BODIES = ("headers", "header"), ("body", "content", "postData", "stream")
_FIELDS = frozenset({"queryString", "query", "params", "urlencoded", "formdata", "variable"})
_SIZES = frozenset({"bodySize", "content_length", "responseSize"})


class Tree:
    """Redacts a tree: messages by the names of their members, and every other text by `text`."""

    def __init__(self, redaction: Redaction, filled: Filled | None = None) -> None:
        """Take what has learned from the whole document, and its variables."""
        self.redaction = redaction
        self._filled = filled

    def text(self, text: str) -> str:
        """Redact a text that is not part of a message."""
        return self.redaction.text(text, short=False)

    def walk(self, value: object) -> object:
        """Redact every text in a value; a time is one, or nothing."""
        match value:
            case str():
                return self.text(value)
            case bytes():
                return self.redaction.output(value)
            case list() | tuple():
                return [self.walk(each) for each in value]
            case dict():
                return {self._name(name): self.member(str(name), inner) for name, inner in value.items()}
            case _:
                return value

    def _name(self, name: object) -> object:
        return self.redaction.text(name, short=False) if isinstance(name, str) else name

    def member(self, name: str, value: object) -> object:
        """Redact a member of an object."""
        return "" if name in _TIMES and not is_time(str(value)) else self.walk(value)

    def message(self, value: object, *, asked: bool) -> object:
        """Redact a request or a response, or a list of them; a request may be its URL alone."""
        if isinstance(value, list):
            return [self.message(each, asked=asked) for each in value]
        if not isinstance(value, dict):
            return self._url(value) if asked and isinstance(value, str) else self.walk(value)
        new: dict[str, object] = {}
        more = 0
        for name in _BODIES:
            if name in value:
                coding, length = (_header(value, each) for each in ("content-encoding", "content-length"))
                show = partial(body, words=self.redaction, coding=coding)
                new[name], grown = self._body(value[name], show, length)
                more = grown or more
        for name, part in value.items():
            if name not in new:
                new[name] = self._part(name, part, more)
        return {name: new[name] for name in value}

    def _part(self, name: str, part: object, more: int) -> object:
        match part:
            case int() if name in _SIZES and part > 0:
                return max(1, part + more)
            case str() if name in _URLS:
                return self._url(part)
            case dict() if name == "url":
                return {inner: self._address(inner, each) for inner, each in part.items()}
            case dict() if name == "form":
                return {self._name(n): self._several(v, partial(self._field, str(n))) for n, v in part.items()}
            case list() if name in _FIELDS:
                return self.pairs(part, self._field)
            case list() if name in {"cookies", "cookie"}:
                return self.pairs(part, lambda _, text: cookie(text, self.redaction))
        return self._headers(part, more) if name in _HEADERS else self.member(name, part)

    def _address(self, name: str, part: object) -> object:
        """Redact a part of an address that Postman has taken apart."""
        if name in {"raw", "path", "host", "hash"}:
            return self._several(part, lambda text: url(text, self.redaction))
        return part if name in _PLAIN else self._part(name, part, 0)

    def _url(self, text: str) -> str:
        return self._place(text, lambda value: url(value, self.redaction))

    def _place(self, text: str, show: Callable[[str], str]) -> str:
        return show(text) if self._filled is None else self._filled.place(text, show)

    def _several(self, values: object, show: Callable[[str], str]) -> object:
        match values:
            case list() | tuple():
                return [self._several(value, show) for value in values]
            case bytes():
                return show(values.decode("latin-1")).encode("latin-1", "replace")
            case str():
                return self._place(values, show)
            case _:
                return self.walk(values)

    def _field(self, name: str, value: str) -> str:
        return field(name, value, self.redaction)

    def pairs(self, listed: object, show: Callable[[str, str], str]) -> object:
        """Redact a list of names and values, each value by `show`."""
        return [self._pair(each, show) for each in listed] if isinstance(listed, list) else self.walk(listed)

    def _pair(self, each: object, show: Callable[[str, str], str]) -> object:
        if not isinstance(each, dict):
            return self.walk(each)
        name = _name_of(each)
        new = {n: v if n in {"key", "type", "src"} else self.member(n, v) for n, v in each.items() if n != "value"}
        if isinstance(each.get("name"), str):
            new["name"] = self.redaction.text(name)
        if "value" in each:
            value = each["value"]
            new["value"] = (
                self.pairs(value, show) if isinstance(value, list) else self._several(value, partial(show, name))
            )
        return {n: new[n] for n in each}

    def _headers(self, value: object, more: int) -> object:
        def shown(name: str, text: str) -> str:
            return fitted(name.strip(), header(name.strip(), text, self.redaction), more)

        match value:
            case str():
                # As older collections have them: a line each.
                lines = (line.partition(":") for line in value.split("\n"))
                return "\n".join(f"{n}{colon}{self._several(text, partial(shown, n))}" for n, colon, text in lines)
            case dict():
                new = ((str(name), values) for name, values in value.items())
                return {named(n, self.redaction): self._several(values, partial(shown, n)) for n, values in new}
            case _:
                return self.pairs(value, shown)

    def _body(self, value: object, show: Callable[[bytes], bytes], length: str | None = None) -> tuple[object, int]:
        """Redact a body, whatever holds it; and tell how much longer it became."""
        match value:
            case bytes():
                data = show(value)
                return data, len(data) - len(value)
            case str():
                new = self._place(value, lambda text: show(_bytes(text)).decode("utf-8", "surrogatepass"))
                return new, len(_bytes(new)) - len(_bytes(value))
            case dict():
                return self._held(value, show, length)
            case _:
                return self.walk(value), 0

    def _held(self, held: Members, show: Callable[[bytes], bytes], length: str | None) -> tuple[object, int]:
        new: dict[str, object] = {}
        more = 0
        packed = "base64" in (held.get("encoding"), held.get("_encoding"))
        for name, part in held.items():
            match name, part:
                case ("base64_string", str()) | ("text", str()) if packed or name == "base64_string":
                    data, more = self._body(base64.b64decode(str(part)), show)
                    new[name] = base64.b64encode(cast("bytes", data)).decode()
                case ("string", _) | ("text" | "raw", str()):
                    new[name], more = self._body(part, show)
                case "data", list() if all(isinstance(octet, int) and 0 <= octet < 256 for octet in part):
                    data, more = self._body(bytes(part), show)
                    new[name] = list(cast("bytes", data))
                case "params" | "urlencoded", list():
                    new[name], grown = self._params(part, length)
                    more = more if "text" in held else grown
                case _:
                    new[name] = part if name in _PLAIN else self._part(name, part, 0)
        size = held.get("size")
        if isinstance(size, int) and size > 0 and more:
            new["size"] = max(1, size + more)
        return new, more

    def _params(self, params: Sequence[object], length: str | None) -> tuple[object, int]:
        # Tools differ in whether params stand decoded: the length tells, where there is one (see `sources.har`).
        old, now = (self._filled.resolved, self._filled.renewed) if self._filled is not None else (str, str)
        joined = {write: _joined(params, write, old) for write in (str, quote_plus, quote)}
        write = next((write for write, raw in joined.items() if length == str(len(_bytes(raw)))), quote_plus)

        def show(name: str, value: str) -> str:
            return pairs(f"{name}={value}".encode(), self.redaction).decode().partition("=")[2]

        new = self.pairs(params, show if write is str else self._field)
        return new, len(_bytes(_joined(new, write, now))) - len(_bytes(joined[write]))


def field(name: str, value: str, redaction: Redaction) -> str:
    """Redact the value of a named parameter."""
    kind = KINDS.get(name.lower())
    return redaction.secret(kind, value) if kind is not None else redaction.text(value)


def members(value: object) -> Members:
    """Give the members of a mapping; none of anything else."""
    return cast("Members", value) if isinstance(value, dict) else {}


def _name_of(pair: Members) -> str:
    return str(pair.get("name") or pair.get("key") or "")


def _joined(params: object, write: Callable[[str], str], fill: Callable[[str], str]) -> str:
    held = (members(each) for each in cast("Sequence[object]", params))
    return "&".join(f"{write(fill(_name_of(each)))}={write(fill(str(each.get('value', ''))))}" for each in held)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _header(message: Members, wanted: str) -> str | None:
    """Give the value of a header field of a message."""
    listed = message.get("headers") or message.get("header")
    fields: list[tuple[object, object]] = list(listed.items()) if isinstance(listed, dict) else []
    if isinstance(listed, list):
        fields = [(_name_of(each), each.get("value")) for each in listed if isinstance(each, dict)]
    value = next((value for name, value in fields if str(name).lower() == wanted), None)
    value = value[0] if isinstance(value, list | tuple) and value else value
    return value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else None
