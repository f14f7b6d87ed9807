"""The forms in which a secret may stand in a text, and how much of each is a leak."""

import base64
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from fake_idp.secrets.charset_variants import as_bytes

# From so many characters on, the beginning of a secret counts as the secret: N7.
SHORTEST_PREFIX = 12
# Secrets of this length or more are told apart by so many characters until something is found that begins like one.
SEED = 24
# By how much of a form makes a hit: few lengths, for a text is walked through once for each.
_STARTS = (0, 1, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8, SHORTEST_PREFIX)
NUMBERED = re.compile(r"<[a-z_]+:[0-9]+>")
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]+")
# Every JWT begins alike, and its header is not a secret: so much of what comes after the first dot makes it one's own.
JWT = "eyJ"
# How a program masks a secret but for its beginning; so many characters of that tell a part of it (BIQ701).
MASKS = ("...", "…", "***", "•••", "xxxx")
MASK = rf"[^\s\"']{{0,7}}?(?:{'|'.join(map(re.escape, MASKS))})"
SHORTEST_MASKED = 4
# A value so short, or a word of the protocol, is a secret only where it stands as a value; elsewhere it is prose.
_PROSE = 4
_WORDS = frozenset({"access_token", "basic", "bearer", "client_secret", "cosmos", "password", "refresh_token"})
_WORDS |= {"secret", "token", "user", "username"}
# A value may lie in a longer text in three alignments: so many characters of its base64 also carry what stands before.
MIXED = (0, 2, 3)
_URL_SAFE = str.maketrans("+/", "-_")


class Pattern(NamedTuple):
    """One form of the secret of this order."""

    form: str
    need: int  # so many characters make a hit
    whole: int  # so many are all of the secret
    order: int
    encoding: str = ""

    @property
    def start(self) -> str:
        """How it begins: as much of it as is looked up."""
        return self.form[: _STARTS[min(self.need, SHORTEST_PREFIX)]]

    def __repr__(self) -> str:
        return f"Pattern(need={self.need}, whole={self.whole}, order={self.order}, encoding={self.encoding!r})"


def stands_alone(form: str) -> bool:
    """Whether a form is telling by itself, whatever stands around it."""
    return len(form) >= _PROSE and form.lower() not in _WORDS


def patterns_of(value: str, order: int) -> Iterator[Pattern]:
    """Give each form that a search looks for; encodings that it takes off a text need none."""
    # So many characters are a leak.
    shortest = min(len(value), SHORTEST_PREFIX + (value.find(".") + 1 if value.startswith(JWT) else 0))
    yield Pattern(value, shortest, len(value), order)
    if " " in value:
        # A form writes a space as +, and what stood for a real + reads the same once it is decoded.
        yield Pattern(value.replace(" ", "+"), shortest, len(value), order, "form-encoded")
    if not stands_alone(value):
        return
    data = as_bytes(value)
    # RFC 6749 2.3.1 form-encodes what goes into Basic.
    forms = (data,) if _PLAIN.fullmatch(value) else (data, quote(data, safe="").encode(), quote_plus(data).encode())
    for octets in dict.fromkeys(forms):
        yield from _base64_patterns(octets, min(len(octets), shortest), order)


def _base64_patterns(octets: bytes, shortest: int, order: int) -> Iterator[Pattern]:
    for before, mixed in enumerate(MIXED):
        form = base64.b64encode(b"\0" * before + octets).decode()[mixed:]
        need, whole = (before + shortest) * 8 // 6 - mixed, (before + len(octets)) * 8 // 6 - mixed
        yield Pattern(form, need, whole, order, "base64")
        if "+" in form or "/" in form:
            yield Pattern(form.translate(_URL_SAFE), need, whole, order, "base64")
