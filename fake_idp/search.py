"""Secrets, and where they turn up: many sought at once, in every encoding, from their first twelve characters on."""

import base64
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from fake_idp.disguises import as_bytes
from fake_idp.encodings import View, views

# From so many characters on, the beginning of a secret counts as the secret: N7.
SHORTEST_PREFIX = 12
PLACEHOLDER = re.compile(r"<[a-z_]+:[0-9]+>")
# Up to so many, each is sought by itself.
_FEW = 16
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]+")
# Every _STRIDE places a text is sampled for _GRAM characters: that meets whatever is SHORTEST_PREFIX long.
_GRAM = 5
_STRIDE = SHORTEST_PREFIX - _GRAM + 1
# A value so short, or a word of the protocol, is a secret only where it stands as a value; elsewhere it is prose.
_PROSE = 4
_WORDS = frozenset({"access_token", "basic", "bearer", "client_secret", "cosmos", "password", "refresh_token"})
_WORDS |= {"secret", "token", "user", "username"}
_BEFORE_VALUE = re.compile(r"(?:[=:\"'>]|%3[ad]|%22|&quot;|\\u003d) ?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must not leak and what it is: password, username, access_token, refresh_token, client_secret."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """Where a secret was found, as places in the text; `whole` is False for a beginning of it."""

    secret: Secret
    form: str
    start: int
    end: int
    whole: bool


class _Needle(NamedTuple):
    form: str
    need: int  # so many characters make a hit
    whole: int  # so many are all of the secret
    order: int
    encoding: str = ""


class Search:
    """Looks for many secrets at once; the time it takes hardly grows with their number."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        """Prepare the search; empty values are no secrets, of equal values the first names the kind."""
        by_value: dict[str, Secret] = {}
        for secret in secrets:
            if secret.value:
                by_value.setdefault(secret.value, secret)
        self._secrets = tuple(by_value.values())
        self._starts: dict[str, list[_Needle]] = {}
        self._short: list[_Needle] = []
        self._grams: dict[str, int] = {}  # the places of a start where it stands, one bit each
        self._longest = 0
        for order, secret in enumerate(self._secrets):
            for needle in _needles(secret.value, order):
                self._add(needle)
        for needles in self._starts.values():
            needles.sort()

    def _add(self, needle: _Needle) -> None:
        if needle.need < SHORTEST_PREFIX or not _stands_alone(needle.form):
            self._short.append(needle)
            return
        self._longest = max(self._longest, len(needle.form))
        start = needle.form[:SHORTEST_PREFIX]
        if start not in self._starts:
            self._starts[start] = []
            for offset in range(_STRIDE):
                gram = start[offset : offset + _GRAM]
                self._grams[gram] = self._grams.get(gram, 0) | 1 << offset
        self._starts[start].append(needle)

    def __bool__(self) -> bool:
        return bool(self._secrets)

    def find(self, text: str | bytes) -> list[Leak]:
        """Give every occurrence in order, the longest where several begin; bytes are read as UTF-8."""
        if isinstance(text, bytes):
            text = text.decode("utf-8", "replace")
        if not self._secrets:
            return []
        found = [leak for view in views(text) for leak in self._in_view(view)]
        if not found:
            return found
        found.sort(key=lambda leak: (leak.start, -leak.end, not leak.whole))
        leaks: list[Leak] = []
        for leak in found:
            if not leaks or leak.end > leaks[-1].end:
                leaks.append(leak)
        return leaks

    def _in_view(self, view: View) -> Iterator[Leak]:
        for start, end, needle in (*self._long_matches(view.text), *self._short_matches(view.text)):
            yield Leak(
                secret=self._secrets[needle.order],
                form=", ".join(part for part in (view.encoding, needle.encoding) if part) or "raw",
                start=view.origin(start),
                end=view.origin(end),
                whole=end - start >= needle.whole,
            )

    def _long_matches(self, text: str) -> Iterator[tuple[int, int, _Needle]]:
        begins = self._begins_of_few(text) if len(self._starts) <= _FEW else self._begins_of_many(text)
        for begin in begins:
            needles = self._starts[text[begin : begin + SHORTEST_PREFIX]]
            yield from _furthest(text[begin : begin + self._longest], begin, needles)

    def _begins_of_few(self, text: str) -> Iterator[int]:
        for start in self._starts:
            begin = text.find(start)
            while begin >= 0:
                yield begin
                begin = text.find(start, begin + 1)

    def _begins_of_many(self, text: str) -> Iterator[int]:
        grams, starts = self._grams, self._starts
        for at in [at for at in range(0, len(text), _STRIDE) if text[at : at + _GRAM] in grams]:
            offsets = grams[text[at : at + _GRAM]]
            for begin in (at - offset for offset in range(min(at + 1, _STRIDE)) if offsets >> offset & 1):
                if text[begin : begin + SHORTEST_PREFIX] in starts:
                    yield begin

    def _short_matches(self, text: str) -> Iterator[tuple[int, int, _Needle]]:
        for needle in self._short:
            form = needle.form[: needle.need]
            at = text.find(form)
            while at >= 0:
                if _stands_alone(form) or _BEFORE_VALUE.search(text[max(0, at - 8) : at]):
                    yield at, at + _common(text[at:], needle.form), needle
                at = text.find(form, at + 1)


def find(haystack: str | bytes, secrets: Iterable[Secret]) -> list[Leak]:
    """Look for secrets once; make a `Search` where more than one text is to be looked through."""
    return Search(secrets).find(haystack)


def _stands_alone(form: str) -> bool:
    return len(form) >= _PROSE and form.lower() not in _WORDS


def _needles(value: str, order: int) -> Iterator[_Needle]:
    # Placeholders of one kind all begin alike: only the whole of one is a hit.
    shortest = len(value) if PLACEHOLDER.fullmatch(value) else min(len(value), SHORTEST_PREFIX)
    yield _Needle(value, shortest, len(value), order)
    if " " in value:
        # A form writes a space as +, and what stood for a real + reads the same once it is decoded.
        yield _Needle(value.replace(" ", "+"), shortest, len(value), order, "form-encoded")
    if not _stands_alone(value):
        return
    data = as_bytes(value)
    # RFC 6749 2.3.1 form-encodes what goes into Basic.
    forms = (data,) if _PLAIN.fullmatch(value) else (data, quote(data, safe="").encode(), quote_plus(data).encode())
    for octets in dict.fromkeys(forms):
        yield from _base64_needles(octets, min(len(octets), shortest), order)


def _base64_needles(octets: bytes, shortest: int, order: int) -> Iterator[_Needle]:
    for before in range(3):  # how the value may lie in a longer text: three alignments
        mixed = (before * 8 + 5) // 6  # characters that also carry bits of what stands before
        need = (before + shortest) * 8 // 6 - mixed
        whole = (before + len(octets)) * 8 // 6 - mixed
        encoded = base64.b64encode(b"\0" * before + octets).decode()[mixed:]
        for form in dict.fromkeys((encoded, encoded.replace("+", "-").replace("/", "_"))):
            yield _Needle(form, need, whole, order, "base64")


def _furthest(text: str, begin: int, needles: list[_Needle]) -> Iterator[tuple[int, int, _Needle]]:
    # In sorted order, the needle that goes furthest with the text stands beside the place where the text would stand.
    at = _place(needles, text)
    length = max(_common(text, needle.form) for needle in needles[max(0, at - 1) : at + 1])
    needle = needles[_place(needles, text[:length])]
    if length >= needle.need:
        yield begin, begin + length, needle


def _place(needles: list[_Needle], text: str) -> int:
    return bisect_left(needles, text, key=lambda needle: needle.form)


def _common(text: str, form: str) -> int:
    """Tell how many characters the beginnings of both share."""
    if text.startswith(form):
        return len(form)
    low, high = 0, min(len(form), len(text))
    while low < high:
        middle = (low + high + 1) // 2
        if text.startswith(form[:middle]):
            low = middle
        else:
            high = middle - 1
    return low
