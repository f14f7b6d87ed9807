"""What became of a secret on its way: words for a value that is another one only because somebody changed it."""

import base64
import binascii
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

from fake_idp.secrets.charset_variants import named_charset_variants
from fake_idp.secrets.redact import SHORTEST_PREFIX, Secret

CUT = "cut short"
# Less may have been made of anything.
_SHORTEST = 4
_BASE64 = re.compile(r"[\w+/-]{16,}={0,2}")


class Kin(NamedTuple):
    """The secret that a value was made of, and how: "<password:1> in Latin-1"."""

    origin: str
    words: str

    def __repr__(self) -> str:
        return f"Kin(words={self.words!r})"


class Kinship:
    """Knows some secrets, and what is made of them; `given` are few, and every change of theirs is known."""

    def __init__(self, given: Iterable[Secret], known: Iterable[str]) -> None:
        """Take what was given to an integration, and whatever else was whole once: tokens as they were issued."""
        self._given = list(dict.fromkeys(secret for secret in given if secret.value))
        self._known = {*(secret.value for secret in self._given), *known}
        self._sorted = sorted(value for value in self._known if len(value) >= SHORTEST_PREFIX)
        self._charset_variants = {
            Secret(secret.kind, text): Kin(secret.value, words)
            for secret in self._given
            for text, words in named_charset_variants(secret.value).items()
        }

    def of(self, secret: Secret) -> Kin | None:
        """Give what a value was made of; None where it is known itself, or nobody's."""
        if secret.value in self._known:
            return None
        return (
            self._charset_variants.get(secret)
            or self._encoded(secret.value)
            or self._altered(secret)
            or self._beginning(secret.value)
        )

    def _encoded(self, value: str) -> Kin | None:
        for words, decode in _ENCODINGS.items():
            if (plain := decode(value)) != value and len(plain) >= _SHORTEST and plain in self._known:
                return Kin(plain, words)
        return None

    def _altered(self, secret: Secret) -> Kin | None:
        # A user name that begins as a password does is none of its making.
        for given in (given.value for given in self._given if given.kind == secret.kind):
            for words, is_made in _ALTERATIONS.items():
                if is_made(secret.value, given):
                    return Kin(given, words)
        return None

    def _beginning(self, value: str) -> Kin | None:
        if len(value) < SHORTEST_PREFIX:
            return None
        place = bisect_left(self._sorted, value)
        found = self._sorted[place] if place < len(self._sorted) else ""
        return Kin(found, CUT) if found.startswith(value) else None


def _from_base64(value: str) -> str:
    if not _BASE64.fullmatch(value):
        return value
    bare = value.rstrip("=").replace("+", "-").replace("/", "_")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4)).decode()
    except (binascii.Error, ValueError):
        return value


_ENCODINGS: dict[str, Callable[[str], str]] = {
    "in base64": _from_base64,
    "percent-encoded": unquote,
    "form-encoded": unquote_plus,
    "in brackets": lambda value: value.strip("<>[]{}"),
}
_ALTERATIONS: dict[str, Callable[[str, str], bool]] = {
    "with a blank for each +": lambda value, given: value == given.replace("+", " "),
    "percent-decoded": lambda value, given: value in {unquote(given), unquote_plus(given)},
    "without the blanks at its ends": lambda value, given: value in {given.strip(), given.lstrip(), given.rstrip()},
    "in other case": lambda value, given: value.casefold() == given.casefold(),
    "in another normal form": lambda value, given: (
        unicodedata.normalize("NFKC", value) == unicodedata.normalize("NFKC", given)
    ),
    CUT: lambda value, given: len(value) >= _SHORTEST and given.startswith(value),
}
