"""Redaction that keeps evidence judgeable: equal values get equal marks, and all that is no secret stays as it was.

Whatever leaves is rewritten place by place, in the encoding of the place; what is known to be secret is then looked
for everywhere else, in every encoding of N7. What the kit issued itself is random, dead after the run, and stays.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import Enum, auto
from urllib.parse import quote, unquote, unquote_to_bytes

from blastiq_conformance.api_call import is_word
from blastiq_conformance.credential import MANGLED, MARKED, TIDIED, Defect, diagnose
from blastiq_conformance.facts import Child, Facts
from blastiq_conformance.redaction import message
from blastiq_conformance.redaction.prose import masked, named
from blastiq_conformance.redaction.stand_in import MARK, StandIns
from blastiq_conformance.rules.refresh import misdirected
from blastiq_conformance.rules.response.traits import has_long_token, has_odd_token
from blastiq_conformance.token_request import Field, Place, TokenRequest
from fake_idp.disguises import as_bytes, as_text, disguises
from fake_idp.journal import Connection, Exchange
from fake_idp.redact import SHORTEST_PREFIX, Leak

_DERIVED = (MANGLED | TIDIED | {Defect.RIGHT, Defect.DOUBLE_ENCODED, Defect.SHORTENED}) - {Defect.OTHER_CHANGE}
_TOKENS = ("access_token", "refresh_token", "id_token")
# What a client may put around a token: quotes, brackets, a second scheme.
_MOST_AROUND = 12


class _Lesson(Enum):
    """What is learned from traffic, in this order: a session cookie that holds a password is no secret of its own."""

    PLACES = auto()
    NAMES = auto()


class Redaction:
    """Redacts the exchanges of one document; `learn` from all of them first, where they are at hand."""

    def __init__(self) -> None:
        """Start knowing nothing."""
        self._marks = StandIns()
        self._given: list[tuple[str, str]] = []
        self._learning: _Lesson | None = None

    def spare(self, text: str) -> None:
        """Keep the marks of an earlier redaction apart from those given now."""
        self._marks.spare(text)

    def learn_facts(self, facts: Facts) -> None:
        """Learn what was given to the integration: what the kit issued stays, and so does what became of it."""
        self._marks.publish(facts.client_id)
        issued = {secret.value for secret in facts.issued}
        self._marks.keep(issued)
        self._given = []
        given = [("username", facts.username), ("password", facts.password), ("password", facts.previous_password)]
        for username, password in facts.other_users:
            given += [("username", username), ("password", password)]
        for kind, value in given:
            if value and value in issued:
                self._given.append((kind, value))
            elif value:
                self._marks.know(kind, value)

    def learn(self, exchanges: Iterable[Exchange]) -> None:
        """Learn the secrets that traffic shows: tokens that were issued first, so that they are known when sent."""
        for exchange in (found := tuple(exchanges)):
            self.learn_answer(exchange)
            self._learn_client(exchange)
        for self._learning in (_Lesson.PLACES, _Lesson.NAMES):
            for exchange in found:
                message.exchange(exchange, self)
        self._learning = None

    def learn_answer(self, exchange: Exchange) -> None:
        """Learn the tokens of an answer, and what is unusual about them."""
        request = TokenRequest(exchange, Facts())
        for name in _TOKENS:
            token = request.answer.get(name)
            if isinstance(token, str):
                access = name == "access_token" and request.access_token is not None
                wild = "wild_" if name == "refresh_token" and _is_wild(token, misdirected.is_word) else ""
                self._marks.know(name, token, _qualities(request, token) if access else wild)

    def _learn_client(self, exchange: Exchange) -> None:
        request = TokenRequest(exchange, Facts())
        names = {field.value for field in request.all("username")}
        for field in request.all("client_id"):
            if field.value not in names:
                self._marks.publish(field.value)

    def exchange(self, exchange: Exchange) -> Exchange:
        """Give an exchange without the secrets that the kit did not issue."""
        return message.exchange(exchange, self)

    def connection(self, connection: Connection) -> Connection:
        """Give what came on a connection without the secrets in it."""
        return replace(connection, received=self.output(connection.received))

    def facts(self, facts: Facts) -> Facts:
        """Give facts without what the kit did not issue."""

        def shown(kind: str, value: str | None) -> str | None:
            return value if value is None else self._marks.of(kind, value)

        others = ((self._marks.of("username", n), self._marks.of("password", p)) for n, p in facts.other_users)
        return replace(
            facts,
            username=shown("username", facts.username),
            password=shown("password", facts.password),
            previous_password=shown("password", facts.previous_password),
            other_users=tuple(others),
        )

    def child(self, child: Child) -> Child:
        """Give what a process did without the secrets that are known, and those that its own words name."""
        return replace(
            child,
            argv=tuple(map(self.prose, child.argv)),
            stdout=self.output(child.stdout),
            stderr=self.output(child.stderr),
            processes=tuple(tuple(map(self.prose, words)) for words in child.processes),
            files=tuple(
                replace(file, path=self.text(file.path), content=self.output(file.content)) for file in child.files
            ),
        )

    def output(self, data: bytes) -> bytes:
        """Give what a process wrote without secrets."""
        return as_bytes(self.prose(as_text(data)))

    def prose(self, text: str) -> str:
        """Give a text of no known form without secrets."""
        clean = masked(self.text(text), self._marks)
        kept = self._marks.find_kept(clean)
        return named(clean, kept, lambda value: value if self._holds_kept(value) else self._marks.of("value", value))

    def leaks(self, text: str) -> Sequence[Leak]:
        """Find what is known and of some length, wherever it stands."""
        return [leak for leak in self._marks.leaks(text) if len(leak.secret.value) >= SHORTEST_PREFIX]

    def secret(self, kind: str, value: str, raw: bytes = b"") -> str:
        """Give what stands for a value that is a secret by its place."""
        if self._stays(kind, value, raw):
            self._marks.spare(value)
            return value
        if self._learning is _Lesson.PLACES:
            given = [given for whose, given in self._given if whose == kind]
            defect = _defect(kind, value, raw, given[0]) if given else Defect.UNKNOWN
            plain = value if self._marks.is_known(value) else unquote(value)
            if plain != value and len(plain) >= SHORTEST_PREFIX:
                # Encoded twice: once is what it will be met as elsewhere.
                self._marks.know(kind, plain)
            self._marks.know(kind, value, MARKED.get(kind, {}).get(defect, ""))
            if "\N{REPLACEMENT CHARACTER}" in value:
                # What is no UTF-8 is lost there: in other places those bytes are looked for.
                self._marks.know(kind, as_text(unquote_to_bytes(raw.replace(b"+", b" "))))
        if self._learning:
            return value
        # What was encoded twice stays so: it is the same value to whoever reads it once more.
        plain = unquote(value)
        if plain != value and self._marks.is_known(plain):
            return quote(self._marks.of(kind, plain), safe="")
        return self._marks.of(kind, value)

    def _stays(self, kind: str, value: str, raw: bytes) -> bool:
        if self._marks.is_plain(value):
            return True
        if kind == "fragment" and any(value in given or as_text(raw) in given for _, given in self._given):
            return True
        # The password as a username shows as much of what the kit issued, and no more.
        return any(_derived(kind, value, raw, given) for _, given in self._given)

    def token(self, value: str) -> str:
        """Give what stands for credentials in a header, with whatever a client put around them."""
        # Brackets and quotes around a word for nothing are BIQ604, as they are around a token.
        bare = value.strip("<>{}[]\"'")
        if self._stays("access_token", value, b"") or self._marks.is_plain(bare):
            return value
        if self._holds_kept(value) or _is_marked(value):
            return value
        if self._marks.is_known(value) or self._marks.is_beginning(value):
            return self._marks.of("access_token", value)
        plain = unquote(value)
        if plain != value and self._marks.is_known(plain):
            return quote(self._marks.of("access_token", plain), safe="")
        clean = self._marks.text(value)
        if _is_marked(clean):
            return clean
        if self._learning is _Lesson.NAMES:
            self._marks.know("access_token", value)
        return value if self._learning else self._marks.of("access_token", value)

    def odd_one(self, kind: str, value: str) -> str:
        """Give what stands for a value that is a secret by its name alone, if nothing in it is known."""
        if self._learning is _Lesson.PLACES:
            return value
        clean = self._marks.text(value)
        if clean != value or self._holds_kept(value):
            return clean
        if self._learning:
            self._marks.know(kind, value)
        return self._marks.of(kind, value)

    def text(self, value: str, *, short: bool = True) -> str:
        """Give a text without the secrets that are known."""
        return value if self._learning else self._marks.text(value, short=short)

    def is_public(self, value: str) -> bool:
        """Whether a value is a client id, or a mark already."""
        return self._marks.is_public(value) or _is_marked(value)

    def is_kept(self, value: str) -> bool:
        """Whether a value stays because the kit issued it."""
        return self._holds_kept(value)

    def is_known(self, value: str) -> bool:
        """Whether a value is a secret that was seen before."""
        return self._marks.is_known(value)

    def _holds_kept(self, value: str) -> bool:
        leaks = self._marks.find_kept(value)
        return bool(leaks) and len(value) - sum(leak.end - leak.start for leak in leaks) <= _MOST_AROUND


def _qualities(request: TokenRequest, token: str) -> str:
    wild = _is_wild(token, is_word)
    told = ("long_", has_long_token(request)), ("odd_", has_odd_token(request)), ("wild_", wild)
    return "".join(name for name, has_it in told if has_it)


def _is_wild(token: str, is_found: Callable[[str], bool]) -> bool:
    return len(token) >= SHORTEST_PREFIX and not is_found(token)


def _is_marked(value: str) -> bool:
    return MARK.search(value) is not None and len(MARK.sub("", value)) <= _MOST_AROUND


def _defect(kind: str, value: str, raw: bytes, given: str) -> Defect:
    return diagnose(Field(kind, value, Place.FORM if raw else Place.JSON, 1, b"=" + raw), given)


def _derived(kind: str, value: str, raw: bytes, given: str) -> bool:
    """Whether a value is all made of the one that the kit gave; one that has some of it may be somebody's."""
    defect = _defect(kind, value, raw, given)
    if defect is Defect.BAD_BYTES:
        return value in disguises(given) or as_text(unquote_to_bytes(raw.replace(b"+", b" "))) in disguises(given)
    return defect in _DERIVED
