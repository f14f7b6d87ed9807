"""What stands for a secret in evidence that is judged again: one mark for equal values, with what rules ask of it."""

import re
from bisect import bisect_left, insort
from collections.abc import Iterable
from urllib.parse import unquote

from blastiq_conformance.redaction.marks import ENCODED_MARK, MARK, form_of
from blastiq_conformance.redaction.vocabulary import WORDS
from blastiq_conformance.sources.edited import foreign
from fake_idp.secrets.charset_variants import as_bytes
from fake_idp.secrets.redact import SHORTEST_PREFIX, Leak, Search, Secret
from fake_idp.secrets.secret_names import NOTHING

# What a token may go on with: a JWT with its other parts.
_REST, _JWT_REST = re.compile(r"\w+"), re.compile(r"[\w.-]+")
_SHORTEST_CODED = 8
# The words of the protocol: a secret may be one, and is hidden in its place; elsewhere that would hide what is judged.
_PUBLIC = NOTHING | {"external.customer", "cosmos", "password", "refresh_token", "access_token", "bearer", "basic"}


class StandIns:
    """Gives marks, numbered per kind in the order asked for, and finds the secrets that it knows in other texts."""

    def __init__(self) -> None:
        """Start knowing nothing."""
        self._marks: dict[str, str] = {}
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}
        self._secrets: dict[str, Secret] = {}
        self._qualities: dict[str, str] = {}
        self._kept: dict[str, None] = {}
        self._kept_search = Search(())
        self._public = set(_PUBLIC)
        self._names = _names_in(self._public)
        self._search = Search(())
        self._given = Search(())
        self._tokens: list[str] = []

    def publish(self, value: str) -> None:
        """Take a value for no secret: a client id."""
        if value.lower() not in self._public:
            self._public.add(value.lower())
            self._names = _names_in(self._public)

    def keep(self, values: Iterable[str]) -> None:
        """Leave values as they are that the kit issued itself."""
        given = tuple(value for value in values if value)
        # A header is read as Latin-1, whatever a client wrote there.
        forms = (*given, *(as_bytes(value).decode("latin-1") for value in given))
        new = [value for value in dict.fromkeys(forms) if value not in self._kept]
        self._kept |= dict.fromkeys(new)
        self._kept_search.add(Secret("issued", value) for value in new)
        self._enter_tokens(new)

    def spare(self, text: str) -> None:
        """Give none of the marks that an earlier redaction left in a text to another value."""
        self._taken |= set(MARK.findall(text))

    def know(self, kind: str, value: str, qualities: str = "") -> None:
        """Look out for a value from now on; `qualities` are what a rule asks of a token: `odd_`, `long_`."""
        if self.is_plain(value) or self._beginning_of(value) is not None:
            return
        if qualities not in (known := self._qualities.get(value, "")):
            self._qualities[value] = known + qualities
        if self.is_public(value) or value.lower() in WORDS:
            return
        # The name of a user is the one thing here that may turn up anywhere: what is a secret too, is a secret.
        if value not in self._secrets:
            self._secrets[value] = secret = Secret(kind, value)
            self._search.add((secret,))
            self._enter_tokens((value,) if kind.endswith("token") else ())
        elif self._secrets[value].kind == "username" != kind:
            self._secrets[value] = Secret(kind, value)
            self._search = Search(self._secrets.values())
            self._enter_tokens((value,) if kind.endswith("token") else ())

    def is_known(self, value: str) -> bool:
        """Whether a value is a secret that was seen before."""
        return value in self._secrets

    def is_public(self, value: str) -> bool:
        """Whether a value is a client id, or another that is known to everybody."""
        return value.strip().lower() in self._public

    @property
    def secrets(self) -> Iterable[Secret]:
        """The secrets that are known."""
        return tuple(self._secrets.values())

    def is_plain(self, value: str) -> bool:
        """Whether a value may stay wherever it is: nothing, a word for nothing, issued by the kit, a mark already."""
        # A row of asterisks is nobody's secret, and in a text it is what masks one.
        mask = foreign(value) and not any(map(str.isalnum, value))
        return (
            value.strip().lower() in NOTHING
            or value in self._kept
            or mask
            or MARK.fullmatch(unquote(value)) is not None
        )

    def of(self, kind: str, value: str) -> str:
        """Give what stands for a value; the value itself where it may stay."""
        if self.is_plain(value):
            return value
        # The beginning may have been met before the whole was.
        if value not in self._marks and (whole := self._beginning_of(value)) is not None:
            return value if whole in self._kept else self.of(kind, whole)[:-1]
        if value not in self._marks:
            known = self._secrets.get(value)
            self._marks[value] = self._new(known.kind if known is not None else kind, value)
        return self._marks[value]

    def _new(self, kind: str, value: str) -> str:
        form = form_of(kind, value, self._qualities.get(value, ""))
        # What stands before the number is all that others of twelve characters or more may have in common with it.
        stem = form.partition("{}")[0]
        while True:
            count = self._counts[stem] = self._counts.get(stem, 0) + 1
            mark = form.format(count)
            if mark not in self._taken:
                self._taken.add(mark)
                self._given.add([Secret("mark", mark)])
                return mark

    def is_beginning(self, value: str) -> bool:
        """Whether a value is a token that was cut."""
        return self._beginning_of(value) is not None

    def _beginning_of(self, value: str) -> str | None:
        """Give the token that a value is the beginning of."""
        if len(value) < SHORTEST_PREFIX:
            return None
        place = bisect_left(self._tokens, value)
        found = self._tokens[place] if place < len(self._tokens) else ""
        return found if found != value and found.startswith(value) else None

    def _enter_tokens(self, values: Iterable[str]) -> None:
        for value in values:
            insort(self._tokens, value)

    def leaks(self, text: str) -> list[Leak]:
        """Find what is known, in every encoding; a short value only where it stands as a word."""
        found = [leak for leak in self._search.find(text) if _is_long(leak) or _stands_alone(text, leak)]
        if not found:
            return []
        stays = [match.span() for match in ENCODED_MARK.finditer(text)]
        # What the kit issued is whole, even where another value begins as it does.
        stays += [(leak.start, leak.end) for leak in self.find_kept(text) if leak.whole]
        found = [leak for leak in found if not any(start < leak.end and leak.start < end for start, end in stays)]
        # A client id that a secret begins like, or has a piece of, is not the beginning of it.
        names = [match.span() for match in self._names.finditer(text)] if found else []
        return [leak for leak in found if not any(start <= leak.start and leak.end <= end for start, end in names)]

    def find_kept(self, text: str) -> list[Leak]:
        """Find what the kit issued."""
        return self._kept_search.find(text)

    def held(self, text: str) -> list[tuple[int, int]]:
        """Give where marks stand, and what the kit issued, in whatever encoding."""
        leaks = (*self._given.find(text), *self.find_kept(text))
        spans = [(leak.start, leak.end) for leak in leaks]
        found: list[tuple[int, int]] = []
        for start, end in sorted([*spans, *(match.span() for match in ENCODED_MARK.finditer(text))]):
            if found and start < found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return found

    def text(self, text: str, *, short: bool = True) -> str:
        """Replace whatever is known; `short`: values of less than twelve characters too."""
        return self._without(text, [leak for leak in self.leaks(text) if short or _is_long(leak)])

    def parted(self, text: str) -> list[tuple[str, bool]]:
        """Give a text in pieces, and of each whether it is a mark, or a value of some length that is known."""
        spans = [(leak.start, leak.end) for leak in self.leaks(text) if _is_long(leak)]
        pieces: list[tuple[str, bool]] = []
        end = 0
        for start, stop in sorted([*spans, *(match.span() for match in ENCODED_MARK.finditer(text))]):
            pieces += ((text[end:start], False), (text[max(start, end) : stop], True))
            end = stop
        return [(piece, is_known) for piece, is_known in (*pieces, (text[end:], False)) if piece]

    def rest(self, text: str) -> str:
        """Replace what is known and stands there whole, but for short values."""
        return self._without(text, [leak for leak in self.leaks(text) if leak.whole and _is_long(leak)])

    def _without(self, text: str, leaks: Iterable[Leak]) -> str:
        pieces: list[str] = []
        end = 0
        for leak in leaks:
            if leak.end > end:
                pieces += (text[end : max(leak.start, end)], self.of(leak.secret.kind, leak.secret.value))
                end = _end(text, leak)
        return "".join((*pieces, text[end:])) if pieces else text


def _names_in(public: Iterable[str]) -> re.Pattern[str]:
    """Find public values of some length where each stands by itself."""
    long = sorted((re.escape(value) for value in public if len(value) >= SHORTEST_PREFIX), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(long)})(?!\w)", re.IGNORECASE)


def _end(text: str, leak: Leak) -> int:
    # What is known may be the beginning of a token that was cut when it was seen: the rest of it goes as well.
    if not leak.secret.kind.endswith("token"):
        return leak.end
    rest = _JWT_REST if leak.secret.value.startswith("eyJ") else _REST
    match = rest.match(text, leak.end)
    return leak.end if match is None else match.end()


def _is_long(leak: Leak) -> bool:
    """Whether a value is met by no chance; in base64 a shorter one is not, for that is not a word of anything."""
    return len(leak.secret.value) >= (_SHORTEST_CODED if "base64" in leak.form else SHORTEST_PREFIX)


def _stands_alone(text: str, leak: Leak) -> bool:
    around = text[max(0, leak.start - 1) : leak.start] + text[leak.end : leak.end + 1]
    return not any(character.isalnum() or character == "_" for character in around)
