"""How a value may look once something has encoded it (N7), and how to see through that again."""

import base64
import html
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from fake_idp.secrets.charset_variants import as_bytes

# What encodeURIComponent, encodeURI, Java's URLEncoder and a path encoder leave alone.
_SAFE = ("", "!'()*", ";,/?:@&=+$!'()*#", "*", "/")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_HEX_BYTES = re.compile(r"(?:\\x[0-9A-Fa-f]{2})+")
_ESCAPE = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+|\\[^A-Za-z0-9\s]|\\[bfnrt]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);")
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_DEPTH = 2
Encoder = Callable[[str], str]


def _as_percent(safe: str, *, small: bool, plus: bool) -> Encoder:
    def encode(character: str) -> str:
        form = quote(as_bytes(character), safe=safe)
        return "+" if plus and character == " " else form.lower() if small and form[0] == "%" else form

    return encode


def _as_json(escaped: str, form: str, *, is_ascii: bool) -> Encoder:
    def encode(character: str) -> str:
        special = form.format(ord(character)) if character in escaped else ""
        return special or json.dumps(character, ensure_ascii=is_ascii)[1:-1]

    return encode


def _as_html(entities: dict[str, str]) -> Encoder:
    return lambda character: entities.get(character, html.escape(character))


# Character by character, how each writes a text.
ENCODERS: tuple[Encoder, ...] = (
    str,
    *(_as_percent(safe, small=small, plus=plus) for safe in _SAFE for small in (False, True) for plus in (False, True)),
    # PHP escapes slashes, .NET and Go what HTML would read.
    *(
        _as_json(escaped, form, is_ascii=is_ascii)
        for escaped, form in (("", ""), ("/", "\\{0:c}"), ("<>&'+", "\\u{0:04x}"), ("<>&'+", "\\u{0:04X}"))
        for is_ascii in (True, False)
    ),
    lambda character: html.escape(character, quote=False),
    *(
        _as_html({"'": apostrophe, **more})
        for apostrophe in ("&#x27;", "&#39;", "&apos;")
        for more in ({}, {'"': "&#34;"}, {"+": "&#43;"})
    ),
)


def encodings(value: str) -> frozenset[str]:
    """Give every form of N7 that the whole value may take: percent, form, JSON, HTML, base64; the raw one too."""
    forms = {"".join(map(encode, value)) for encode in ENCODERS}
    for form in {value, quote(value, safe=""), quote_plus(value)}:
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            padded = encode(as_bytes(form)).decode()
            forms |= {padded, padded.rstrip("=")}
    return frozenset(forms)


@dataclass(frozen=True, slots=True)
class View:
    """A text with one or more encodings taken off, and where each place stood in the text as it was."""

    text: str = field(repr=False)
    encoding: str = "raw"
    _decoded: tuple[int, ...] = field(default=(), repr=False)
    _origin: tuple[int, ...] = field(default=(), repr=False)
    _under: "View | None" = field(default=None, repr=False)

    def origin(self, place: int) -> int:
        """Give the place in the original text of a place in this one."""
        if self._under is None:
            return place
        index = bisect_right(self._decoded, place) - 1
        below = self._origin[index] + place - self._decoded[index] if index >= 0 else place
        return self._under.origin(below)


def views(text: str) -> list[View]:
    """Give the text itself and each way to read it with up to two layers of encoding taken off."""
    found = [View(text)]
    if not any(mark in text for mark, _, _ in _DECODERS.values()):
        return found
    seen = {text}
    newest = found
    for _ in range(_DEPTH):
        decoded = [view for outer in newest for name in _DECODERS if (view := view_of(outer, name)) is not None]
        newest = [view for view in decoded if view.text not in seen]
        seen |= {view.text for view in newest}
        found = found + newest
    return found


def view_of(view: View, name: str) -> View | None:
    """Take one layer of an encoding off; None where there is none."""
    mark, pattern, decode = _DECODERS[name]
    if mark not in view.text:
        return None
    pieces: list[str] = []
    decoded: list[int] = []
    origin: list[int] = []
    length = end = 0
    for match in pattern.finditer(view.text):
        pieces.append(view.text[end : match.start()])
        length += match.start() - end
        end = match.start()
        for character, width in decode(match[0]):
            decoded.append(length)
            origin.append(end)
            pieces.append(character)
            length += len(character)
            end += width
        decoded.append(length)
        origin.append(end)
    if not pieces:
        return None
    pieces.append(view.text[end:])
    encoding = name if view.encoding == "raw" else f"{view.encoding}, {name}"
    return View("".join(pieces), encoding, tuple(decoded), tuple(origin), view)


def _octets(run: str) -> Iterator[tuple[str, int]]:
    # %c3 or \xc3: a byte that is not UTF-8 becomes a character of its own, so that widths still add up.
    width = 3 if run[0] == "%" else 4
    for character in bytes.fromhex(run.replace("%", "").replace("\\x", "")).decode("utf-8", "surrogateescape"):
        yield character, width * len(character.encode("utf-8", "surrogateescape"))


def _escape(run: str) -> Iterator[tuple[str, int]]:
    if run[1] != "u":
        yield _LETTERS.get(run[1], run[1]), len(run)
        return
    units = bytes.fromhex(run.replace("\\u", ""))
    for character in units.decode("utf-16-be", "surrogatepass"):
        yield character, 6 * len(character.encode("utf-16-be", "surrogatepass")) // 2


def _entity(run: str) -> Iterator[tuple[str, int]]:
    yield html.unescape(run), len(run)


_Decode = Callable[[str], Iterator[tuple[str, int]]]
_DECODERS: dict[str, tuple[str, re.Pattern[str], _Decode]] = {
    "percent-encoded": ("%", _PERCENT, _octets),
    "JSON-escaped": ("\\", _ESCAPE, _escape),
    "escaped bytes": ("\\x", _HEX_BYTES, _octets),
    "HTML-escaped": ("&", _ENTITY, _entity),
}
