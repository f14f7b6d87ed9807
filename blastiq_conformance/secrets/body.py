"""Where the secrets of a body stand: forms, JSON and multipart, whole or cut off, and what is packed."""

import base64
import json
import re
from html import escape, unescape

from blastiq_conformance.evidence.disguise import wrapped_form
from blastiq_conformance.evidence.parameters import KNOWN
from blastiq_conformance.secrets.place import Kind, Place, Show
from fake_idp.content_coding import rewritten
from fake_idp.secrets.charset_variants import as_bytes, as_text
from fake_idp.secrets.same_form import in_json, percent_encoded, spelled
from fake_idp.secrets.secret_names import KINDS
from fake_idp.wire import parse_pairs

# What people make up, with an & in it.
_TYPED = frozenset({"username", "password", "client_secret"})
# Parameters of OAuth and OpenID Connect, and of other servers, that are not a piece of a password.
_NAMES = KNOWN | {"redirect_uri", "response_type", "response_mode", "state", "nonce", "code_challenge", "resource"}
_NAMES |= {"code_challenge_method", "prompt", "display", "acr_values", "realm", "connection", "device"}
# What the article fixes: no short secret hides in it.
_FIXED = frozenset({"client_id", "grant_type", "scope", "audience", "client_assertion_type", "token_type", "error"})
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)("(\s*:)?|\\?\Z)|(?<=[:\s\[,])-?\d[\d.eE+-]*', re.DOTALL)
_NAME = re.compile(rb'name="?([^";\r\n]+)', re.IGNORECASE)
_BASE64 = re.compile(rb"content-transfer-encoding:\s*base64", re.IGNORECASE)
# A field of a page's form: all before its value, its name, its value.
_INPUT = re.compile(r'(<input\b[^<>]*?\bname="([A-Za-z_]+)"[^<>]*?\bvalue=")([^"<>]*)"')
_OTHER_QUOTES = str.maketrans({"'": '"', '"': "'"})
_SEPARATOR = re.compile(rb"(&)")
# A fragment begins at the first # of a URL; in a body that is a character like any other.
_URL_SEPARATOR = re.compile(rb"([&#])")


def body(data: bytes, show: Show, coding: str | None = None) -> bytes:
    """Show the places of a body, packed ones too; one that cannot be unpacked is withheld."""
    return rewritten(data, lambda plain, _: _plain_body(plain, show), coding)


def body_text(text: str, show: Show) -> str:
    """Show the places of a body that is given as text."""
    return body(text.encode("utf-8", "surrogatepass"), show).decode("utf-8", "surrogatepass")


def _plain_body(data: bytes, show: Show) -> bytes:
    # Whatever the media type says: a client may send JSON, or a form, under another name.
    start = data.lstrip()[:2]
    if start == b"--" and b"content-disposition:" in data.lower():
        return _multipart(data, show)
    if start[:1] in {b"{", b"["}:
        text = as_text(data)
        # What Python prints of an object has other quotes.
        quotes = _OTHER_QUOTES if b'"' not in data else {}
        return as_bytes(show(Place(Kind.PLAIN, json_text(text.translate(quotes), show).translate(quotes))))
    is_page = start[:1] == b"<"
    if not is_page and (wrapped := wrapped_form(data)) is not None:
        form = as_bytes(show(Place(Kind.PLAIN, as_text(pairs(wrapped.form, show)))))
        return data if form == wrapped.form else wrapped.wrap(form)
    if not is_page and b"=" in data:
        return as_bytes(show(Place(Kind.PLAIN, as_text(pairs(data, show)))))
    return as_bytes(show(Place(Kind.TEXT, _inputs(as_text(data), show))))


def _inputs(text: str, show: Show) -> str:
    """Show the fields of a page's forms: one may hand a code to the client (OAuth 2.0 Form Post Response Mode)."""

    def shown(match: re.Match[str]) -> str:
        kind, value = KINDS.get(match[2].lower()), unescape(match[3])
        return match[0] if kind is None or not value else f'{match[1]}{escape(show(Place(kind, value)))}"'

    return _INPUT.sub(shown, text)


def pairs(data: bytes, show: Show, *, in_url: bool = False) -> bytes:
    """Show the values of a form or a query; what is written anew is as well encoded as what stood there."""
    pieces = (_URL_SEPARATOR if in_url else _SEPARATOR).split(data)
    after_secret = False
    for index in range(0, len(pieces), 2):
        raw = pieces[index]
        parsed = parse_pairs(raw)
        if not parsed:
            continue
        name, value, _, bare = parsed[0]
        kind = KINDS.get(name.lower())
        head, equals, written = raw.partition(b"=")
        if kind is not None and not bare:
            new = show(Place(kind, value, written))
            after_secret = kind in _TYPED
        elif after_secret and name.lower() not in _NAMES:
            # What follows an unescaped & in a password is a part of it.
            head, equals, written, value = (b"", b"", raw, name) if bare else (head, equals, written, value)
            new = show(Place("fragment", value, written))
        else:
            new = show(Place(Kind.PLAIN if name.lower() in _FIXED else Kind.TEXT, value))
            after_secret = False
        pieces[index] = head + equals + as_bytes(percent_encoded(as_text(written), value, new))
    return b"".join(pieces)


def json_text(text: str, show: Show) -> str:
    """Show the strings of JSON, that which was cut off too; names, order and white space stay."""
    name, since = "", 0
    pieces: list[str] = []
    end = 0
    for match in _STRING.finditer(text):
        if match[3] is not None:
            name, since = _unescaped(match[1]).lower(), match.end()
            continue
        between = text[since : match.start()]
        # Of the member, or of the list that is its value.
        if between.strip() and between.count("[") <= between.count("]"):
            name = ""
        kind = KINDS.get(name)
        if match[2] is None:
            if kind is not None:
                pieces += (text[end : match.start()], json.dumps(show(Place(kind, match[0]))))
                end = match.end()
            continue
        value = _unescaped(match[1])
        plain = "://" in value or name in _FIXED
        cut = not match[2].startswith('"')
        text_kind = Kind.PLAIN if plain else Kind.TEXT
        new = show(Place(text_kind, value) if kind is None else Place(kind, value, cut=cut))
        if new != value:
            written = spelled(in_json(match[1] or ""), new, lambda c: json.dumps(c)[1:-1])
            pieces += (text[end : match.start()], '"', written, "" if cut else '"')
            end = match.end()
    return "".join((*pieces, text[end:])) if pieces else text


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text
    return value if isinstance(value, str) else text


def _multipart(data: bytes, show: Show) -> bytes:
    boundary = data.lstrip().partition(b"\n")[0].strip()
    if not boundary.startswith(b"--"):
        return as_bytes(show(Place(Kind.TEXT, as_text(data))))
    return boundary.join(_part(part, show) for part in data.split(boundary))


def _part(part: bytes, show: Show) -> bytes:
    split = re.search(rb"\r?\n\r?\n", part)
    if split is None:
        return part
    head, payload = part[: split.end()], part[split.end() :]
    end = payload[len(payload.rstrip(b"\r\n")) :]
    content = payload[: len(payload) - len(end)]
    named = _NAME.search(head)
    packed = _BASE64.search(head) is not None
    try:
        value = as_text(base64.b64decode(content) if packed else content)
    except ValueError:
        value, packed = as_text(content), False
    kind = KINDS.get(named[1].decode("utf-8", "replace").lower()) if named else None
    new = show(Place(kind, value, content)) if kind is not None else show(Place(Kind.TEXT, value))
    if new == value:
        return part
    octets = as_bytes(new)
    return head + (base64.b64encode(octets) if packed else octets) + end
