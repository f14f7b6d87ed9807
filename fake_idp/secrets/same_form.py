"""A text written as another was: character by character, by the encoder that shows in what stands there."""

import base64
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from fake_idp.secrets.charset_variants import as_bytes, as_text
from fake_idp.secrets.encodings import ENCODERS, Encoder, View, view_of
from fake_idp.secrets.patterns import MIXED
from fake_idp.secrets.search import Leak
from fake_idp.secrets.stand_in import representative

_RUN = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
Piece = tuple[str, str]


# What no search takes off, and yet somebody writes.
_ENCODERS: tuple[Encoder, ...] = (
    *ENCODERS,
    lambda c: f"\\{c}",
    lambda c: f"&#{ord(c)};",
    lambda c: f"&#x{ord(c):x};",
    lambda c: "".join(f"\\x{octet:02x}" for octet in as_bytes(c)),
    lambda c: f"%u{ord(c):04X}",
    lambda c: quote(c.encode("latin-1"), safe=""),
    lambda c: quote(c.encode("cp1252"), safe=""),
)


def spelled(pieces: Iterable[Piece], new: str, otherwise: Encoder = lambda c: c) -> str:
    """Write `new` as the characters of another text were written, each given with how it stood there.

    What no piece tells is written by `otherwise`.
    """
    how: dict[str, str] = {}
    for character, piece in pieces:
        # One that is written badly anywhere is written badly.
        if character not in how or (len(piece) == 1 and piece == character and how[character] != character):
            how[character] = piece
    return "".join(c if c.isascii() and c.isalnum() else _written(c, how, otherwise) for c in new)


def _written(c: str, how: dict[str, str], otherwise: Encoder) -> str:
    if c in how:
        return how[c]
    for other, piece in how.items():
        if representative(other) == c and (encode := _encoder(other, piece)) is not None:
            return encode(c)
    return otherwise(c)


def _encoder(c: str, piece: str) -> Encoder | None:
    for inner in _ENCODERS:
        for outer in _ENCODERS:
            try:
                if "".join(map(outer, inner(c))) == piece:
                    return lambda new: "".join(map(outer, inner(new)))
            except ValueError:
                continue
    return None


def in_percent(text: str, *, plus: bool = False) -> Iterator[Piece]:
    """Give the characters of a percent-encoded text; in a form, a plus is a blank."""
    for character, piece in _pieces_of(text, "percent-encoded"):
        unread = "\udc80" <= character <= "\udcff"
        yield "\N{REPLACEMENT CHARACTER}" if unread else " " if plus and piece == "+" else character, piece


def percent_encoded(text: str, old: str, new: str, *, plus: bool = True) -> str:
    """Write `new` as `old` was written in the text of a form; what nothing there shows is percent-encoded."""
    return text if new == old else spelled(in_percent(text, plus=plus), new, lambda c: quote(c, safe=""))


def in_json(text: str) -> Iterator[Piece]:
    """Give the characters of what stands between the quotes of a JSON string."""
    return _pieces_of(text, "JSON-escaped")


def _pieces_of(text: str, encoding: str) -> Iterator[Piece]:
    view = view_of(View(text), encoding) or View(text)
    return pieces(view, 0, len(view.text), text, view.text)


def pieces(view: View, start: int, end: int, bottom: str, value: str) -> Iterator[Piece]:
    """Give each character of a value with what stands for it in the text at the bottom of a view."""
    for at in range(start, end):
        yield value[at - start], bottom[view.origin(at) : view.origin(at + 1)]


def replaced(text: str, leak: Leak, end: int, new: str, show: Encoder) -> tuple[int, int, str]:
    """Give what is to stand for a leak in a text, and from where to where; `show` redacts what was in base64.

    The leak goes on until `end`; `new` stands for its value.
    """
    (start, stop), view = leak.place, leak.view
    if "base64" in leak.form:
        for mixed in MIXED:
            if start >= mixed and (found := _in_base64(view, start - mixed, stop, text, show)) is not None:
                return found
    if new.isalnum() or "base64" in leak.form:
        return leak.start, end, new
    return leak.start, end, spelled(pieces(view, start, stop, text, leak.secret.value), new)


def _in_base64(view: View, start: int, stop: int, text: str, show: Encoder) -> tuple[int, int, str] | None:
    run = _RUN.match(view.text, start)
    if run is None or run.end() < stop:
        return None
    old = decoded(run[0])
    if (new := show(old)) == old:
        return None
    otherwise = quote if "percent" in view.encoding else str
    written = spelled(pieces(view, start, run.end(), text, run[0]), encoded(new, run[0]), otherwise)
    return view.origin(start), view.origin(run.end()), written


def decoded(run: str) -> str:
    """Read base64 of either alphabet; what was cut is read as far as it goes."""
    bare = run.rstrip("=").replace("-", "+").replace("_", "/")
    bare = bare[: len(bare) - (len(bare) % 4 == 1)]
    return as_text(base64.b64decode(bare + "=" * (-len(bare) % 4)))


def encoded(text: str, like: str) -> str:
    """Write base64 in the alphabet of another, padded if that is."""
    url_safe = "-" in like or "_" in like
    new = (base64.urlsafe_b64encode if url_safe else base64.b64encode)(as_bytes(text)).decode()
    is_bare = not like.endswith("=") and (url_safe or len(like) % 4 != 0)
    return new.rstrip("=") if is_bare else new
