"""What stands for each secret of one evidence: one stand-in for equal values, in every form."""

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from urllib.parse import unquote

from blastiq_conformance.redaction.redacted import REDACTED, is_redacted, mask_of
from blastiq_conformance.redaction.vocabulary import PUBLIC, WORDS
from blastiq_conformance.sources.edited import foreign
from fake_idp.secrets.charset_variants import as_bytes
from fake_idp.secrets.patterns import JWT, SHORTEST_PREFIX
from fake_idp.secrets.same_form import replaced
from fake_idp.secrets.search import Leak, Search, Secret
from fake_idp.secrets.secret_names import NOTHING
from fake_idp.secrets.stand_in import MOST_TINY, STAND_IN, stand_in, stand_in_challenges, told
from fake_idp.secrets.token_parts import s256

# What a token may go on with: a JWT with its other parts.
_REST, _JWT_REST = re.compile(r"\w+"), re.compile(r"[\w.-]+")
_SHORTEST_CODED = 8
_CHALLENGE = re.compile(r"[\w-]{43}", re.ASCII)
_SHORTEST_VERIFIER = 43


class StandIns:
    """Gives stand-ins, numbered in the order asked for, and finds the secrets that it knows in other texts."""

    def __init__(self) -> None:
        """Start knowing nothing."""
        self._made: dict[str, str] = {}
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}
        self._cuts: dict[str, list[str]] = {}
        # What is known, and what stays because the kit issued it.
        self.secrets: dict[str, Secret] = {}
        self.kept = Search(())
        self._public = set(PUBLIC)
        self._search = Search(())
        self.own = Search(())
        self._tokens: list[str] = []
        self._verifiers: dict[str, str] = {}
        self.given: set[str] = set()

    def publish(self, value: str) -> None:
        """Take a value for no secret: a client id."""
        self._public.add(value.lower())

    def keep(self, values: Iterable[str]) -> None:
        """Leave values as they are that the kit issued itself."""
        given = tuple(values)
        # A header is read as Latin-1, whatever a client wrote there.
        forms = (*given, *(as_bytes(value).decode("latin-1") for value in given))
        new = [value for value in dict.fromkeys(forms) if value and value not in self.kept]
        self.kept.add(Secret("issued", value) for value in new)
        for value in new:
            insort(self._tokens, value)

    def spare(self, text: str) -> None:
        """Give none of the stand-ins that an earlier redaction left in a text to another value."""
        for match in REDACTED.finditer(text):
            self._taken |= {match[0], *filter(None, match.groups())}
        if is_redacted(text):
            self.own.add([Secret("stand-in", text)])
            insort(self._tokens, text)

    def know(self, kind: str, value: str, made: str = "") -> None:
        """Look out for a value from now on; `made` is its stand-in, where that follows from another's."""
        if self.is_plain(value) or self.beginning_of(value) is not None:
            return
        if kind == "code_verifier" and len(value) >= _SHORTEST_VERIFIER:
            made = self._verifiers.get(s256(value), "")
        if made:
            self._made.setdefault(value, made)
        if self.is_public(value) or value.lower() in WORDS:
            return
        # The name of a user is the one thing here that may turn up anywhere: what is a secret too, is a secret.
        if value not in self.secrets or self.secrets[value].kind == "username":
            self.secrets[value] = secret = Secret(kind, value)
            self._search.add((secret,))
            if kind.endswith("token"):
                insort(self._tokens, value)

    def challenge(self, value: str) -> None:
        """Look out for the challenge of a verifier that is not known yet: that of a stand-in takes its place."""
        if _CHALLENGE.fullmatch(value) and value not in {*self._verifiers, *stand_in_challenges()}:
            self._verifiers[value] = verifier = self._new("code_verifier", "-" * _SHORTEST_VERIFIER)
            self.know("code_challenge", value, s256(verifier))

    def is_public(self, value: str) -> bool:
        """Whether a value is a client id, or another that is known to everybody."""
        return value.strip().lower() in self._public

    def is_plain(self, value: str) -> bool:
        """Whether a value may stay wherever it is: nothing, a word for it, issued by the kit, a stand-in already."""
        # A row of asterisks is nobody's secret, and in a text it is what masks one.
        mask = foreign(value) and not any(map(str.isalnum, value))
        return value.strip().lower() in NOTHING or value in self.kept or mask or is_redacted(unquote(value))

    def of(self, kind: str, value: str) -> str:
        """Give what stands for a value; the value itself where it may stay."""
        if self.is_plain(value):
            return value
        # The beginning may have been met before the whole was.
        if value not in self._made and (whole := self.beginning_of(value)) is not None:
            return value if whole in self.kept or is_redacted(whole) else self._cut(kind, whole, value)
        if value not in self._made:
            known = self.secrets.get(value)
            self._made[value] = self._new(known.kind if known is not None else kind, value, given=value in self.given)
        return self._made[value]

    def piece(self, value: str) -> str:
        """Give what stands for something around another value: punctuation stays."""
        return self._new("piece", value) if any(map(str.isalnum, value)) else value

    def amid(self, value: str, around: Callable[[str], str]) -> str:
        """Give what stands for a value that holds others: these in the form that they have in it, amid other pieces."""
        return self._without(value, filter(_is_long, self.leaks(value)), around)

    def _cut(self, kind: str, whole: str, value: str) -> str:
        """Give the beginning of a stand-in for that of a value: of two, the one that was met later is shorter."""
        cuts = self._cuts.setdefault(whole, [])
        if value not in cuts:
            cuts.append(value)
        return self.of(kind, whole)[: -1 - cuts.index(value)]

    def _new(self, kind: str, value: str, *, given: bool = False) -> str:
        mask = mask_of(kind, value)
        # What stands before the number is all that others of twelve characters or more may have in common with it.
        stem = "" if mask is None else mask.partition("{}")[0]
        while True:
            count = self._counts[stem] = self._counts.get(stem, 0) + 1
            tells = told(kind, value, given=given and count < MOST_TINY)
            new = stand_in(tells, count) if mask is None else mask.format(count)
            match = STAND_IN.search(new)
            if not self._taken & {new, *filter(None, match.groups() if match else ())}:
                self._taken.add(new)
                self.own.add([Secret("stand-in", new)])
                return new

    def beginning_of(self, value: str) -> str | None:
        """Give the token that a value is the beginning of."""
        if len(value) < SHORTEST_PREFIX:
            return None
        place = bisect_left(self._tokens, value)
        found = self._tokens[place] if place < len(self._tokens) else ""
        return found if found != value and found.startswith(value) else None

    def leaks(self, text: str) -> list[Leak]:
        """Find what is known, in every encoding; a short value only where it stands as a word."""
        found = [leak for leak in self._search.find(text) if _is_long(leak) or _stands_alone(text, leak)]
        if not found:
            return []
        stays = [match.span() for match in REDACTED.finditer(text)]
        # What the kit issued is whole, even where another value begins as it does.
        stays += [(leak.start, leak.end) for leak in self.kept.find(text) if leak.whole]
        found = [leak for leak in found if not any(start < leak.end and leak.start < end for start, end in stays)]
        # A client id that a secret begins like, or has a piece of, is not the beginning of it.
        lower = text.lower() if found else ""
        names = [re.escape(name) for name in self._public if len(name) >= SHORTEST_PREFIX and name in lower]
        spans = [match.span() for name in names for match in re.finditer(rf"(?<!\w){name}(?!\w)", text, re.IGNORECASE)]
        return [leak for leak in found if not any(start <= leak.start and leak.end <= end for start, end in spans)]

    def held(self, text: str) -> list[tuple[int, int]]:
        """Give where stand-ins are, and what the kit issued, in whatever encoding."""
        leaks = (*self.own.find(text), *self.kept.find(text))
        spans = [*((leak.start, leak.end) for leak in leaks), *(match.span() for match in REDACTED.finditer(text))]
        found: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if found and start < found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return found

    def without(self, text: str, *, short: bool = True) -> str:
        """Replace whatever is known; `short`: values of less than twelve characters too."""
        if not short and len(text) < _SHORTEST_CODED:
            return text
        return self._without(text, [leak for leak in self.leaks(text) if short or _is_long(leak)])

    def _without(self, text: str, leaks: Iterable[Leak], around: Callable[[str], str] = str) -> str:
        pieces: list[str] = []
        end = 0
        for leak in leaks:
            if leak.end > end:
                new = self.of(leak.secret.kind, leak.secret.value)
                new = new if leak.whole else new[:-1]
                start, stop, written = replaced(text, leak, self._end(text, leak), new, self.without)
                before = text[end : max(start, end)]
                pieces += (around(before) if before else "", written)
                end = stop
        rest = text[end:]
        return "".join((*pieces, around(rest) if rest else ""))

    def _end(self, text: str, leak: Leak) -> int:
        # What is known may be the beginning of a token that was cut when it was seen: the rest of it goes as well.
        if not self.secrets[leak.secret.value].kind.endswith("token"):
            return leak.end
        rest = _JWT_REST if leak.secret.value.startswith(JWT) else _REST
        match = rest.match(text, leak.end)
        return leak.end if match is None else match.end()


def _is_long(leak: Leak) -> bool:
    """Whether a value is met by no chance; in base64 a shorter one is not, for that is not a word of anything."""
    return len(leak.secret.value) >= (_SHORTEST_CODED if "base64" in leak.form else SHORTEST_PREFIX)


def _stands_alone(text: str, leak: Leak) -> bool:
    around = text[max(0, leak.start - 1) : leak.start] + text[leak.end : leak.end + 1]
    return not any(character.isalnum() or character == "_" for character in around)
