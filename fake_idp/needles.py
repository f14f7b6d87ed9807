"""The forms in which a secret may stand in a text, and how much of each is a leak."""

import base64
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from fake_idp.disguises import as_bytes

# From so many characters on, the beginning of a secret counts as the secret: N7.
SHORTEST_PREFIX = 12
PLACEHOLDER = re.compile(r"<[a-z_]+:[0-9]+>")
# One that a client had encoded twice begins like all others too.
_MARK = re.compile(rf"{PLACEHOLDER.pattern}|%3[Cc][a-z_]+%3[Aa][0-9]+%3[Ee]")
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]+")
# Every JWT begins alike, and its header is no secret: this much of what comes after the first dot makes it one's own.
_JWT = "eyJ"
# A value so short, or a word of the protocol, is a secret only where it stands as a value; elsewhere it is prose.
_PROSE = 4
_WORDS = frozenset({"access_token", "basic", "bearer", "client_secret", "cosmos", "password", "refresh_token"})
_WORDS |= {"secret", "token", "user", "username"}


class Needle(NamedTuple):
    """One form of the secret of this order."""

    form: str
    need: int  # so many characters make a hit
    whole: int  # so many are all of the secret
    order: int
    encoding: str = ""


def stands_alone(form: str) -> bool:
    """Whether a form is telling by itself, whatever stands around it."""
    return len(form) >= _PROSE and form.lower() not in _WORDS


def is_mark(value: str) -> bool:
    """Whether a value is a placeholder, of which only the whole tells it from others."""
    return _MARK.fullmatch(value) is not None


def shortest_leak(value: str) -> int:
    """Tell how many characters of a value are a leak."""
    # Placeholders of one kind all begin alike: only the whole of one is a hit.
    if is_mark(value):
        return len(value)
    header = value.find(".") + 1 if value.startswith(_JWT) else 0
    return min(len(value), header + SHORTEST_PREFIX)


def needles_of(value: str, order: int) -> Iterator[Needle]:
    """Give each form that a search looks for; encodings that it takes off a text need none."""
    shortest = shortest_leak(value)
    yield Needle(value, shortest, len(value), order)
    if " " in value:
        # A form writes a space as +, and what stood for a real + reads the same once it is decoded.
        yield Needle(value.replace(" ", "+"), shortest, len(value), order, "form-encoded")
    if not stands_alone(value):
        return
    data = as_bytes(value)
    # RFC 6749 2.3.1 form-encodes what goes into Basic.
    forms = (data,) if _PLAIN.fullmatch(value) else (data, quote(data, safe="").encode(), quote_plus(data).encode())
    if PLACEHOLDER.fullmatch(value):
        # Where a placeholder is the user of Basic, small letters tell it from one that the client had encoded.
        forms = (*forms, quote(data, safe="").lower().encode())
    for octets in dict.fromkeys(forms):
        # Placeholders of one kind begin alike in every encoding.
        need = len(octets) if is_mark(value) else min(len(octets), shortest)
        yield from _base64_needles(octets, need, order)


def _base64_needles(octets: bytes, shortest: int, order: int) -> Iterator[Needle]:
    for before in range(3):  # how the value may lie in a longer text: three alignments
        mixed = (before * 8 + 5) // 6  # characters that also carry bits of what stands before
        need = (before + shortest) * 8 // 6 - mixed
        whole = (before + len(octets)) * 8 // 6 - mixed
        encoded = base64.b64encode(b"\0" * before + octets).decode()[mixed:]
        for form in dict.fromkeys((encoded, encoded.replace("+", "-").replace("/", "_"))):
            yield Needle(form, need, whole, order, "base64")
