"""Secrets, and where they turn up: many sought at once, in every encoding, from their first twelve characters on."""

import re
from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from fake_idp.secrets.encodings import View, views
from fake_idp.secrets.patterns import SEED, SHORTEST_PREFIX, Pattern, patterns_of, plain_starts, stands_alone
from fake_idp.secrets.reach import common, furthest

# Up to so many, each is sought by itself.
_FEW = 16
# A value that is longer, and begins within a match, is compared so far at first.
_LONG = 1024
# As many places for each of them are worth a walk.
_WALK = 8
# Every _STRIDE places a text is sampled for _GRAM characters: that meets whatever is SHORTEST_PREFIX long.
_GRAM = 5
_STRIDE = SHORTEST_PREFIX - _GRAM + 1
# So much of a short form is looked up first.
_HEAD = 2
# The end of a placeholder is not the beginning of a value.
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


class _Row(NamedTuple):
    patterns: list[Pattern]  # forms that begin alike, sorted
    longest: int


class Search:
    """Looks for many secrets at once; the time it takes hardly grows with their number."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        """Prepare the search; empty values are not secrets, of equal values the first names the kind."""
        self._secrets: list[Secret] = []
        self._values: set[str] = set()
        self._starts: dict[str, list[str]] = {}  # how a form begins: the seeds of its secrets
        self._seeds: dict[str, list[int]] = {}  # how a secret begins: the orders of those that do
        self._rows: dict[str, _Row] = {}  # by start, made when first met
        self._short: list[Pattern] = []
        self._heads: dict[str, set[int]] = {}  # how short forms begin: their lengths; made when it pays
        self._bodies: dict[str, list[int]] = {}  # a short form: the places of its patterns among the short ones
        self._grams: dict[str, int] = {}  # the places of a start where it stands, one bit each; made when it pays
        self._walked = 0
        self.add(secrets)

    def add(self, secrets: Iterable[Secret]) -> None:
        """Look for these too; it takes as long as they are many, however many there were before."""
        for secret in secrets:
            if secret.value and secret.value not in self._values:
                self._values.add(secret.value)
                self._secrets.append(secret)
                self._add(secret.value, len(self._secrets) - 1)

    def _add(self, value: str, order: int) -> None:
        # Most secrets never turn up, and tokens of one server begin alike: their forms can wait.
        seed = value[:SEED] if len(value) >= SEED else value
        if seed in self._seeds:
            self._seeds[seed].append(order)
        else:
            self._seeds[seed] = [order]
            self._begin(seed, order)
        if self._rows:
            self._enter(value, order)

    def _begin(self, seed: str, order: int) -> None:
        if starts := plain_starts(seed):
            for start in starts:
                self._start(start, seed)
            return
        for pattern in patterns_of(seed, order):
            if pattern.need < SHORTEST_PREFIX or not stands_alone(pattern.form):
                self._short.append(pattern)
                self._heads.clear()
                self._bodies.clear()
            else:
                self._start(pattern.form[:SHORTEST_PREFIX], seed)

    def _start(self, start: str, seed: str) -> None:
        if self._grams and start not in self._starts:
            self._sample(start)
        self._starts.setdefault(start, []).append(seed)

    def _enter(self, value: str, order: int) -> None:
        """Put the forms of a secret into the rows that are made already."""
        for pattern in patterns_of(value, order):
            row = self._rows.get(pattern.form[:SHORTEST_PREFIX])
            if row is not None:
                insort(row.patterns, pattern)
                self._rows[pattern.form[:SHORTEST_PREFIX]] = row._replace(longest=max(row.longest, len(pattern.form)))

    def _row(self, start: str) -> _Row:
        if start not in self._rows:
            orders = (order for seed in self._starts[start] for order in self._seeds[seed])
            forms = (pattern for order in orders for pattern in patterns_of(self._secrets[order].value, order))
            patterns = sorted(pattern for pattern in forms if pattern.form.startswith(start))
            self._rows[start] = _Row(patterns, max(len(pattern.form) for pattern in patterns))
        return self._rows[start]

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
        for start, end, pattern in (*self._long_matches(view.text), *self._short_matches(view.text)):
            yield Leak(
                secret=self._secrets[pattern.order],
                form=", ".join(part for part in (view.encoding, pattern.encoding) if part) or "raw",
                start=view.origin(start),
                end=view.origin(end),
                whole=end - start >= pattern.whole,
                view=view,
                place=(start, end),
            )

    def _long_matches(self, text: str) -> Iterator[tuple[int, int, Pattern]]:
        reached: dict[str, int] = {}
        for begin in self._begins(text):
            start = text[begin : begin + SHORTEST_PREFIX]
            patterns, longest = self._row(start)
            # A value that repeats itself begins again at every turn: within a match little is compared.
            so_far = reached.get(start, 0)
            width = longest if begin + _LONG > so_far else min(longest, _LONG)
            for match in furthest(text[begin : begin + width], begin, patterns):
                if match[1] > so_far:
                    reached[start] = match[1]
                    yield match

    def _begins(self, text: str) -> Iterator[int]:
        """Give the places where a form may begin; of one start, in order."""
        if len(self._starts) <= _FEW:
            return self._begins_of_few(text)
        # To sample a text is fast, and takes long to prepare: little text is walked through place by place.
        self._walked += len(text)
        if self._walked < _WALK * len(self._starts):
            places = range(len(text) - SHORTEST_PREFIX + 1)
            return (place for place in places if text[place : place + SHORTEST_PREFIX] in self._starts)
        if not self._grams:
            for start in self._starts:
                self._sample(start)
        return self._begins_of_many(text)

    def _sample(self, start: str) -> None:
        for offset in range(_STRIDE):
            gram = start[offset : offset + _GRAM]
            self._grams[gram] = self._grams.get(gram, 0) | 1 << offset

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
            for begin in (at - offset for offset in reversed(range(min(at + 1, _STRIDE))) if offsets >> offset & 1):
                if text[begin : begin + SHORTEST_PREFIX] in starts:
                    yield begin

    def _short_matches(self, text: str) -> Iterator[tuple[int, int, Pattern]]:
        for index, at in self._short_places(text):
            pattern = self._short[index]
            if stands_alone(pattern.form[: pattern.need]) or _BEFORE_VALUE.search(text[max(0, at - 8) : at]):
                yield at, at + common(text[at : at + len(pattern.form)], pattern.form), pattern

    def _short_places(self, text: str) -> Iterable[tuple[int, int]]:
        if len(self._short) > _FEW:
            return sorted(self._short_places_of_many(text))
        return ((i, at) for i, pattern in enumerate(self._short) for at in _places(text, pattern.form[: pattern.need]))

    def _short_places_of_many(self, text: str) -> Iterator[tuple[int, int]]:
        if not self._heads:
            for index, pattern in enumerate(self._short):
                form = pattern.form[: pattern.need]
                self._bodies.setdefault(form, []).append(index)
                self._heads.setdefault(form[:_HEAD], set()).add(len(form))
        for form in self._heads.keys() & set(text):
            # One character long: the head is all there is.
            yield from ((index, at) for at in _places(text, form) for index in self._bodies[form])
        for at in [at for at in range(len(text) - _HEAD + 1) if text[at : at + _HEAD] in self._heads]:
            for length in self._heads[text[at : at + _HEAD]]:
                yield from ((index, at) for index in self._bodies.get(text[at : at + length], ()))


def _places(text: str, form: str) -> Iterator[int]:
    at = text.find(form)
    while at >= 0:
        yield at
        at = text.find(form, at + 1)


def find(haystack: str | bytes, secrets: Iterable[Secret]) -> list[Leak]:
    """Look for secrets once; make a `Search` where more than one text is to be looked through."""
    return Search(secrets).find(haystack)
