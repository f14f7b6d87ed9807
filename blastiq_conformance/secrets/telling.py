"""Stand-ins that tell what a client made of a secret: `<password:1 in Latin-1>`, where another number would hide it."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TypeAlias
from urllib.parse import unquote, unquote_plus

from fake_idp.secrets.charset_variants import named_charset_variants
from fake_idp.secrets.redact import PLACEHOLDER, SHORTEST_PREFIX, Leak, Redactor, Search, Secret

# The secret that a value was made of, and how.
_Kin: TypeAlias = tuple[str, str]

_CUT = "cut short"
# Less may be the beginning of anything.
_SHORTEST = 4


class TellingRedactor(Redactor):
    """Numbers secrets as ever, but for those that were made of another one: these are named after it."""

    marks = re.compile(rf"{PLACEHOLDER.pattern[:-1]}(?: [^<>]{{1,80}})?>")

    def __init__(self, secrets: Iterable[Secret], given: Iterable[Secret], issued: Iterable[Secret]) -> None:
        """Take all secrets; those `given` to an integration are few, and every change of theirs is known."""
        found = list(secrets)
        kinship = _Kinship(list(given), issued)
        kin = {secret.value: kinship.of(secret) for secret in reversed(found)}
        made = {value: each for value, each in kin.items() if each is not None and kin.get(each[0], each) is None}
        super().__init__(secret for secret in found if secret.value not in made)
        for value, (origin, words) in made.items():
            self._placeholders[value] = _told(self._placeholders[origin], words)
        self._search.add(secret for secret in found if secret.value in made)

    def mark(self, leak: Leak, text: str) -> str:
        """Give what stands for a secret, and in which form it was found where that is not as every place has it."""
        words = []
        if "base64" in leak.form and leak.secret.kind != "basic":
            words.append("in base64")
        if leak.form.count("percent-encoded") > 1:
            words.append("percent-encoded twice")
        # What the kit itself cut ends in an ellipsis.
        if not leak.whole and not text.startswith("…", leak.end):
            words.append(_CUT)
        shown = super().mark(leak, text)
        return _told(shown, ", ".join(words)) if words else shown


def _told(placeholder: str, words: str) -> str:
    return f"{placeholder.removesuffix('>')} {words}>"


class _Kinship:
    """Knows the secrets that nobody changed, and what is made of them."""

    def __init__(self, given: list[Secret], issued: Iterable[Secret]) -> None:
        self._given = given
        whole = {secret.value: secret for secret in (*given, *issued)}
        self._whole = sorted(whole)
        self._search = Search(whole.values())
        # Of the same kind: a user name that begins as a password does is not made of it.
        self._made: dict[Secret, _Kin] = {}
        for secret in given:
            for text, words in _made_of(secret.value):
                self._made.setdefault(Secret(secret.kind, text), (secret.value, words))

    def of(self, secret: Secret) -> _Kin | None:
        """Give what a value was made of; None where nobody changed it, or nothing tells."""
        value = secret.value
        at = bisect_left(self._whole, value)
        next_one = self._whole[at] if at < len(self._whole) else ""
        if value == next_one:
            return None
        if (
            made := self._made.get(secret)
            or self._spelled(value)
            or self._spelled(value.strip("<>[]{}"), "in brackets")
        ):
            return made
        if len(value) >= SHORTEST_PREFIX and next_one.startswith(value):
            return next_one, _CUT
        for given in (given.value for given in self._given if given.kind == secret.kind):
            if value.casefold() == given.casefold():
                return given, "in other case"
            if len(value) >= _SHORTEST and given.startswith(value):
                return given, _CUT
        return None

    def _spelled(self, value: str, words: str = "") -> _Kin | None:
        for leak in self._search.find(value):
            if leak.whole and leak.end - leak.start == len(value):
                form = leak.form.removeprefix("raw, ").replace("base64", "in base64")
                return leak.secret.value, words or form.replace(
                    "percent-encoded, percent-encoded", "percent-encoded twice"
                )
        return None


def _made_of(given: str) -> Iterator[_Kin]:
    """Give what is made of a value, and how."""
    yield from named_charset_variants(given).items()
    yield given.replace("+", " "), "with a blank for each +"
    yield from ((decode(given), "percent-decoded") for decode in (unquote, unquote_plus))
    yield from ((strip(given), "without the blanks at its ends") for strip in (str.strip, str.lstrip, str.rstrip))
