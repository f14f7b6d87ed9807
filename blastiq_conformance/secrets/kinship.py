"""What became of a secret on its way: words for a value that is another one only because somebody changed it."""

import base64
import binascii
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias
from urllib.parse import unquote, unquote_plus

from fake_idp.secrets.charset_variants import named_charset_variants
from fake_idp.secrets.redact import SHORTEST_PREFIX, Secret

# The secret that a value was made of, and how: "<password:1> in Latin-1".
_Kin: TypeAlias = tuple[str, str]

CUT = "cut short"
# Less may have been made of anything.
_SHORTEST = 4
_BASE64 = re.compile(r"[\w+/-]{16,}={0,2}")


class Kinship:
    """Knows some secrets, and what is made of them; `given` are few, and every change of theirs is known."""

    def __init__(self, given: Iterable[Secret], known: Iterable[str]) -> None:
        """Take what was given to an integration, and whatever else was whole once: tokens as they were issued."""
        self._given = list(dict.fromkeys(secret for secret in given if secret.value))
        self._known = {*(secret.value for secret in self._given), *known}
        self._sorted = sorted(value for value in self._known if len(value) >= SHORTEST_PREFIX)
        # Of the given ones those of the same kind: a user name that begins as a password does is none of its making.
        self._made: dict[Secret, _Kin] = {}
        for secret in self._given:
            for text, words in _made_of(secret.value):
                self._made.setdefault(Secret(secret.kind, text), (secret.value, words))

    def of(self, secret: Secret) -> _Kin | None:
        """Give what a value was made of; None where it is known itself, or nobody's."""
        if secret.value in self._known:
            return None
        return self._made.get(secret) or self._encoded(secret.value) or self._altered(secret)

    def _encoded(self, value: str) -> _Kin | None:
        for words, decode in _ENCODINGS.items():
            if (plain := decode(value)) != value and len(plain) >= _SHORTEST and plain in self._known:
                return plain, words
        return None

    def _altered(self, secret: Secret) -> _Kin | None:
        value = secret.value
        for given in (given.value for given in self._given if given.kind == secret.kind):
            if value.casefold() == given.casefold():
                return given, "in other case"
            if len(value) >= _SHORTEST and given.startswith(value):
                return given, CUT
        if len(value) < SHORTEST_PREFIX:
            return None
        place = bisect_left(self._sorted, value)
        found = self._sorted[place] if place < len(self._sorted) else ""
        return (found, CUT) if found.startswith(value) else None


def _made_of(given: str) -> Iterator[_Kin]:
    """Give what is made of a value, and how."""
    yield from named_charset_variants(given).items()
    yield given.replace("+", " "), "with a blank for each +"
    yield from ((decode(given), "percent-decoded") for decode in (unquote, unquote_plus))
    yield from ((strip(given), "without the blanks at its ends") for strip in (str.strip, str.lstrip, str.rstrip))


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
