"""Stand-ins that tell what a client made of a secret: `<password:1 in Latin-1>`, where another number would hide it."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TypeAlias
from urllib.parse import unquote, unquote_plus

from fake_idp.secrets.charset_variants import named_charset_variants
from fake_idp.secrets.patterns import SHORTEST_PREFIX
from fake_idp.secrets.redact import Redactor
from fake_idp.secrets.search import Leak, Search, Secret

# The secret that a value was made of, and how.
_Kin: TypeAlias = tuple[str, str]

_CUT, _TWICE = "cut short", "percent-encoded twice"
# Less may be the beginning of anything.
_SHORTEST = 4
_CHANGES: tuple[tuple[Callable[[str], str], str], ...] = (
    (lambda given: given.replace("+", " "), "with a blank for each +"),
    *((decode, "percent-decoded") for decode in (unquote, unquote_plus)),
    *((strip, "without the blanks at its ends") for strip in (str.strip, str.lstrip, str.rstrip)),
)


def telling(secrets: Iterable[Secret], given: Iterable[Secret], issued: Iterable[str]) -> Redactor:
    """Give what replaces all secrets; of those `given` to an integration, which are few, every change is known."""
    found = list(secrets)
    kinship = _Kinship(given, issued)
    kin = {secret.value: kinship.of(secret) for secret in reversed(found)}
    made = {value: each for value, each in kin.items() if each is not None and kin.get(each[0], each) is None}
    return Redactor(found, made, _how)


def _how(leak: Leak, text: str) -> str:
    """Say in which form a secret was found, where that is not as every place has it."""
    words = []
    if "base64" in leak.form and leak.secret.kind != "basic":
        words.append("in base64")
    if leak.form.count("percent-encoded") > 1:
        words.append(_TWICE)
    # What the kit itself cut ends in an ellipsis.
    if not leak.whole and not text.startswith("…", leak.end):
        words.append(_CUT)
    return ", ".join(words)


class _Kinship:
    """Knows the secrets that nobody changed, and what is made of them."""

    def __init__(self, given: Iterable[Secret], issued: Iterable[str]) -> None:
        # Of the same kind: a user name that begins as a password does is not made of it.
        self._given = dict.fromkeys(given)
        self._whole = sorted({*(secret.value for secret in self._given), *issued})
        self._made: dict[tuple[str, str], _Kin] = {}
        for secret in self._given:
            for text, words in (*_made_of(secret.value), (secret.value, "in other case")):
                self._made.setdefault((secret.kind, text.casefold()), (secret.value, words))

    def of(self, secret: Secret) -> _Kin | None:
        """Give what a value was made of; None where nobody changed it, or nothing tells."""
        value = secret.value
        at = bisect_left(self._whole, value)
        next_one = self._whole[at] if at < len(self._whole) else ""
        if value == next_one:
            return None
        made = self._made.get((secret.kind, value.casefold())) or self._spelled(value)
        if made := made or self._spelled(value.strip("<>[]{}"), "in brackets"):
            return made
        shortest = _SHORTEST if Secret(secret.kind, next_one) in self._given else SHORTEST_PREFIX
        return (next_one, _CUT) if len(value) >= shortest and next_one.startswith(value) else None

    @cached_property
    def _search(self) -> Search:
        return Search(Secret("", value) for value in self._whole)

    def _spelled(self, value: str, words: str = "") -> _Kin | None:
        for leak in self._search.find(value):
            if leak.whole and leak.end - leak.start == len(value):
                form = leak.form.removeprefix("raw, ").replace("percent-encoded, percent-encoded", _TWICE)
                return leak.secret.value, words or form.replace("base64", "in base64")
        return None


def _made_of(given: str) -> Iterator[_Kin]:
    """Give what is made of a value, and how."""
    yield from named_charset_variants(given).items()
    for change, words in _CHANGES:
        if (text := change(given)) != given:
            yield text, words
