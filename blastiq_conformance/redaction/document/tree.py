"""HAR files as trees of values: each place where a message stands is redacted as what it is."""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast
from urllib.parse import quote_plus

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.body import KINDS, body, pairs
from blastiq_conformance.redaction.document.bare import bare_entry
from blastiq_conformance.redaction.message import fitted, header, url
from blastiq_conformance.sources.recorded import LOST, is_time
from fake_idp.journal import Exchange
from fake_idp.wire import Headers

# What JSON and safe YAML can hold.
Tree: TypeAlias = object
_Members = Mapping[str, object]
_TIMES = frozenset({"recorded_at", "startedDateTime"})
_Pairs = Sequence[tuple[str, str]]


def har(document: _Members, evidence: Evidence, redaction: Redaction) -> Tree:
    """Redact a HAR document."""
    log = members(document["log"])
    # Not every entry is an exchange: a tunnel is none.
    exchanges = {int(exchange.source.rpartition("#")[2]): exchange for exchange in evidence.exchanges}
    entries = enumerate(cast("Sequence[_Members]", log["entries"]), start=1)
    done = [_redacted(entry, exchanges.get(index), redaction) for index, entry in entries]
    return rest(document, redaction) | {"log": rest(log, redaction) | {"entries": done}}


def _redacted(entry: _Members, exchange: Exchange | None, redaction: Redaction) -> dict[str, object]:
    if exchange is None:
        return _entry(entry, redaction)
    if redaction.elsewhere.is_foreign(exchange):
        return bare_entry(entry, redaction.exchange(exchange)) | lost(exchange)
    return _entry(entry, redaction) | lost(exchange)


def lost(exchange: Exchange) -> dict[str, object]:
    """Give the member that says what was lost, empty where nothing was."""
    # A mark would hide that a length is false: what is lost is said.
    parts = {"request": "body", "response": "response"}
    noted: dict[str, object] = {n: exchange.edited for n, part in parts.items() if part in exchange.lost}
    return {LOST: noted} if noted else {}


def members(value: object) -> _Members:
    """Give the members of a mapping; none of anything else."""
    return cast("_Members", value) if isinstance(value, dict) else {}


def rest(held: _Members, redaction: Redaction) -> dict[str, object]:
    """Redact whatever is no part of a message: comments, titles, the members of tools; a time is one, or nothing."""
    return {
        name: "" if name in _TIMES and not is_time(str(value)) else walked(value, redaction)
        for name, value in held.items()
    }


def walked(value: object, redaction: Redaction) -> object:
    """Redact every text in a value."""
    match value:
        case str():
            return redaction.text(value, short=False)
        case bytes():
            return redaction.output(value)
        case dict():
            return {walked(name, redaction): walked(inner, redaction) for name, inner in value.items()}
        case list() | tuple():
            return [walked(inner, redaction) for inner in value]
        case _:
            return value


def _entry(entry: _Members, redaction: Redaction) -> dict[str, object]:
    new = rest({n: v for n, v in entry.items() if n not in {"request", "response"}}, redaction)
    if "request" in entry:
        new["request"] = _har_message(members(entry["request"]), redaction, "postData")
    if "response" in entry:
        answer = entry["response"]
        new["response"] = None if answer is None else _har_message(members(answer), redaction, "content")
    return {name: new[name] for name in entry}


def _har_message(message: _Members, redaction: Redaction, part: str) -> dict[str, object]:
    listed = [(str(item.get("name", "")), str(item.get("value", ""))) for item in _each(message.get("headers"))]
    content = members(message.get(part))
    new_content, more = _content(content, listed, redaction, asked=part == "postData")
    new: dict[str, object] = {}
    for name, value in message.items():
        match name:
            case "url" | "redirectURL" if isinstance(value, str):
                new[name] = url(value, redaction)
            case "headers":
                new[name] = _named(value, lambda n, v: fitted(n, header(n, v, redaction), more), redaction)
            case "queryString":
                new[name] = _named(value, lambda n, v: field(n, v, redaction), redaction)
            case "cookies":
                new[name] = _named(value, lambda _, v: _cookie(v, redaction), redaction)
            case "bodySize" if isinstance(value, int) and value > 0:
                new[name] = value + more
            case _ if name == part:
                new[name] = new_content if isinstance(value, dict) else walked(value, redaction)
            case _:
                new[name] = walked(value, redaction)
    return new


def _each(value: object) -> Sequence[_Members]:
    return [members(item) for item in value] if isinstance(value, list) else []


def _named(value: object, change: Callable[[str, str], str], redaction: Redaction) -> object:
    if not isinstance(value, list):
        return walked(value, redaction)
    new = []
    for item in value:
        held = members(item)
        whole = rest({n: v for n, v in held.items() if n != "value"}, redaction)
        if isinstance(name := held.get("name"), str):
            whole["name"] = redaction.text(name)
        if isinstance(text := held.get("value"), str):
            whole["value"] = change(str(held.get("name", "")), text)
        new.append({name: whole.get(name) for name in held} if held else walked(item, redaction))
    return new


def field(name: str, value: str, redaction: Redaction) -> str:
    """Redact the value of a named parameter."""
    kind = KINDS.get(name.lower())
    return redaction.secret(kind, value) if kind is not None else redaction.text(value, short=name.lower() not in KINDS)


def _cookie(value: str, redaction: Redaction) -> str:
    return redaction.odd_one("cookie", value) if len(value) >= 8 else redaction.text(value)


def _content(content: _Members, listed: _Pairs, redaction: Redaction, *, asked: bool) -> tuple[dict[str, object], int]:
    text, params, media_type = content.get("text"), content.get("params"), content.get("mimeType")
    shown = {"text": isinstance(text, str), "params": isinstance(params, list)}
    new, more = rest({n: v for n, v in content.items() if not shown.get(n)}, redaction), 0
    if isinstance(params, list):
        new["params"], more = _params(params, listed, redaction)
    if isinstance(text, str):
        packed = "base64" in (content.get("encoding"), content.get("_encoding"))
        old = base64.b64decode(text) if packed else text.encode("utf-8", "surrogatepass")
        headers = listed if any(n.lower() == "content-type" for n, _ in listed) else [*listed, _typed(media_type)]
        data = body(old, Headers(tuple(headers)), redaction, asked=asked)
        more = len(data) - len(old)
        new["text"] = base64.b64encode(data).decode() if packed else data.decode("utf-8", "surrogatepass")
    size = content.get("size")
    if isinstance(size, int) and size > 0 and more:
        new["size"] = max(1, size + more)
    return {name: new[name] for name in content}, more


def _typed(media_type: object) -> tuple[str, str]:
    return "Content-Type", media_type if isinstance(media_type, str) else ""


def _params(params: Sequence[object], listed: _Pairs, redaction: Redaction) -> tuple[object, int]:
    # Tools differ in whether params stand decoded: the length tells, where there is one (as `sources.har` reads it).
    given = [(str(item.get("name", "")), str(item.get("value", ""))) for item in _each(list(params))]
    raw = "&".join(f"{name}={value}" for name, value in given)
    length = next((value for name, value in listed if name.lower() == "content-length"), "")
    if length == str(len(raw.encode("utf-8", "surrogatepass"))):
        new = _named(params, lambda n, v: pairs(f"{n}={v}".encode(), redaction).decode().partition("=")[2], redaction)
    else:
        new = _named(params, lambda n, v: field(n, v, redaction), redaction)
        raw = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in given)
    after = [(str(item.get("name", "")), str(item.get("value", ""))) for item in _each(new)]
    joined = "&".join(f"{name}={value}" for name, value in after)
    if length != str(len(raw)):
        joined = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in after)
    return new, len(joined) - len(raw)
