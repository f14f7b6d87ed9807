"""Secrets, and where they turn up: many sought at once, in every encoding, from their first twelve characters on."""

import re
from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from fake_idp.secrets.encodings import View, views
from fake_idp.secrets.patterns import (
    MASK,
    MASKS,
    SEED,
    SHORTEST_MASKED,
    SHORTEST_PREFIX,
    Pattern,
    patterns_of,
    stands_alone,
)

# Up to so many of one length, each is sought by itself.
_FEW = 16
# A value that is longer, and begins within a match, is compared so far at first.
_LONG = 1024
# Every _STRIDE places a long text is sampled for _GRAM characters: that meets whatever is SHORTEST_PREFIX long.
_GRAM = 5
_STRIDE = SHORTEST_PREFIX - _GRAM + 1
# The end of a stand-in is not the beginning of a value.
_BEFORE_VALUE = re.compile(r"(?:[=:\"']|(?<!:\d)(?<!:\d\d)(?<!:\d\d\d)>|%3[ad]|%22|&quot;|\\u003d) ?\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must not leak and what it is: password, username, access_token, refresh_token, client_secret."""

    kind: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """Where a secret was found, as places in the text; `whole` is False for a beginning of it."""

    secret: Secret
    form: str = field(repr=False)
    start: int
    end: int
    whole: bool
    # Where it stands in the text as it was read.
    view: View = field(repr=False, compare=False, default_factory=lambda: View(""))
    place: tuple[int, int] = field(repr=False, compare=False, default=(0, 0))


class Search:
    """Looks for many secrets at once; the time it takes hardly grows with their number."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        """Prepare the search; empty values are not secrets, of equal values the first names the kind."""
        self._secrets: list[Secret] = []
        self._values: set[str] = set()
        self._seeds: dict[str, list[list[int]]] = {}  # how a secret begins: the lists in which such secrets wait
        self._rows: dict[int, dict[str, list[Pattern]]] = {}  # by length and beginning, the forms that begin so, sorted
        self._waiting: dict[str, list[int]] = {}  # by beginning, the secrets whose forms are made when it is met
        self._longest = 0
        self._grams: dict[str, set[int]] = {}  # the places of a start where it stands; made when it pays
        self._known = 0  # of so many starts
        self.add(secrets)

    def add(self, secrets: Iterable[Secret]) -> None:
        """Look for these too; it takes as long as they are many, however many there were before."""
        for secret in secrets:
            if secret.value and secret.value not in self._values:
                self._values.add(secret.value)
                self._secrets.append(secret)
                self._add(secret.value, len(self._secrets) - 1)

    def _add(self, value: str, order: int) -> None:
        seed = value[:SEED]
        if seed == value:
            for pattern in patterns_of(value, order):
                self._enter(pattern)
            return
        # Most secrets never turn up, and tokens of one server begin alike: their forms can wait.
        if seed not in self._seeds:
            starts = dict.fromkeys(pattern.start for pattern in patterns_of(seed, 0))
            for start in starts:
                self._row(start)
            self._seeds[seed] = [self._waiting.setdefault(start, []) for start in starts]
        for waiting in self._seeds[seed]:
            waiting.append(order)

    def _row(self, start: str) -> list[Pattern]:
        return self._rows.setdefault(len(start), {}).setdefault(start, [])

    def _enter(self, pattern: Pattern) -> None:
        insort(self._row(pattern.start), pattern)
        self._longest = max(self._longest, len(pattern.form))

    def _complete(self, start: str) -> None:
        forms = (form for order in self._waiting[start] for form in patterns_of(self._secrets[order].value, order))
        for pattern in sorted(pattern for pattern in forms if pattern.start == start):
            self._enter(pattern)
        self._waiting[start].clear()

    def __bool__(self) -> bool:
        return bool(self._secrets)

    def __iter__(self) -> Iterator[Secret]:
        return iter(self._secrets)

    def __contains__(self, value: str) -> bool:
        return value in self._values

    def find(self, text: str | bytes) -> list[Leak]:
        """Give every occurrence in order, the longest where several begin; bytes are read as UTF-8."""
        if isinstance(text, bytes):
            text = text.decode("utf-8", "replace")
        if not self._secrets:
            return []
        found = [leak for view in views(text) for leak in self._in_view(view)]
        found.sort(key=lambda leak: (leak.start, -leak.end, not leak.whole))
        leaks: list[Leak] = []
        for leak in found:
            if not leaks or leak.end > leaks[-1].end:
                leaks.append(leak)
        return leaks

    def _in_view(self, view: View) -> Iterator[Leak]:
        reached: dict[str, int] = {}
        for begin, start, patterns in self._begins(view.text):
            if self._waiting.get(start):
                self._complete(start)
            # A value that repeats itself begins again at every turn: within a match little is compared.
            so_far = reached.get(start, 0)
            width = self._longest if begin + _LONG > so_far else min(self._longest, _LONG)
            length, pattern = _furthest(view.text[begin : begin + width], patterns)
            end = begin + length
            if length < pattern.need or end <= so_far or not _is_value(view.text, begin, pattern):
                continue
            reached[start] = end
            yield Leak(
                secret=self._secrets[pattern.order],
                form=", ".join(part for part in (view.encoding, pattern.encoding) if part) or "raw",
                start=view.origin(begin),
                end=view.origin(end),
                whole=length >= pattern.whole,
                view=view,
                place=(begin, end),
            )

    def _begins(self, text: str) -> Iterator[tuple[int, str, list[Pattern]]]:
        """Give the places where a form may begin, how it does, and all that do; of one beginning, in order."""
        for length, rows in self._rows.items():
            if len(rows) <= _FEW:
                yield from ((at, start, row) for start, row in rows.items() for at in _places(text, start))
            else:
                places = self._sampled(text, rows) if length == SHORTEST_PREFIX else range(len(text))
                for at in [at for at in places if text[at : at + length] in rows]:
                    start = text[at : at + length]
                    yield at, start, rows[start]

    def _sampled(self, text: str, rows: Collection[str]) -> Iterable[int]:
        """Give the places in a text that are worth a look: of a long one few."""
        if len(text) < _STRIDE * len(rows):
            return range(len(text))
        for start in islice(rows, self._known, None):
            for offset in range(_STRIDE):
                self._grams.setdefault(start[offset : offset + _GRAM], set()).add(offset)
        self._known = len(rows)
        met = [at for at in range(0, len(text), _STRIDE) if text[at : at + _GRAM] in self._grams]
        return sorted({at - offset for at in met for offset in self._grams[text[at : at + _GRAM]] if offset <= at})


def _places(text: str, form: str) -> Iterator[int]:
    at = text.find(form)
    while at >= 0:
        yield at
        at = text.find(form, at + 1)


def _is_value(text: str, begin: int, pattern: Pattern) -> bool:
    """Whether a form is telling by itself, or stands where a value does."""
    alone = stands_alone(pattern.form[: pattern.need]) or len(pattern.form) > pattern.need >= SHORTEST_PREFIX
    return alone or _BEFORE_VALUE.search(text[max(0, begin - 8) : begin]) is not None


def _furthest(text: str, patterns: list[Pattern]) -> tuple[int, Pattern]:
    """Tell how far a text goes with one of many forms, and with which."""
    # In sorted order, the pattern that goes furthest with the text stands beside the place where the text would stand.
    at = _place(patterns, text)
    length = max(common_length(text, pattern.form) for pattern in patterns[max(0, at - 1) : at + 1])
    return length, patterns[_place(patterns, text[:length])]


def _place(patterns: list[Pattern], text: str) -> int:
    return bisect_left(patterns, text, key=lambda pattern: pattern.form)


def common_length(text: str, form: str) -> int:
    """Tell how many characters the beginnings of both share."""
    low, high = 0, min(len(text), len(form))
    while low < high:
        middle = (low + high + 1) // 2
        if text.startswith(form[:middle]):
            low = middle
        else:
            high = middle - 1
    return low


def beginnings(text: str, secrets: Iterable[Secret]) -> Iterator[Leak]:
    """Find what a program left of secrets that it masked: four characters tell a part of one (BIQ701)."""
    # Secrets are many, and few texts mask any.
    for secret in secrets if any(mask in text for mask in MASKS) else ():
        beginning = secret.value[:SHORTEST_MASKED]
        if len(secret.value) >= SHORTEST_PREFIX and beginning in text:
            for match in re.finditer(re.escape(beginning) + MASK, text):
                yield Leak(secret=secret, form="masked", start=match.start(), end=match.end(), whole=False)


def find(haystack: str | bytes, secrets: Iterable[Secret]) -> list[Leak]:
    """Look for secrets once; make a `Search` where more than one text is to be looked through."""
    return Search(secrets).find(haystack)
