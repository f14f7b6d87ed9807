"""What leaves in a report: texts without secrets, without the ports of a run, no longer than a reader needs."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import cycle
from typing import TypeAlias

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.quotation import Text, quote_authorization
from blastiq_conformance.secrets.command_line import secrets_in, shown
from blastiq_conformance.secrets.kinship import Kinship
from blastiq_conformance.secrets.password_pieces import KIND, is_sent, pieces
from blastiq_conformance.secrets.telling import TellingRedactor
from blastiq_conformance.secrets.traffic import secrets_of
from fake_idp.content_coding import WITHHELD, PackedError, inflate, rewritten
from fake_idp.secrets.charset_variants import charset_variants
from fake_idp.secrets.patterns import stands_alone
from fake_idp.secrets.redact import SHORTEST_PREFIX, Leak, Secret
from fake_idp.wire import Headers

_LONGEST_TEXT = 4_000
# More than that is not even searched for secrets: it is cut long before.
_LONGEST_RAW = 65_536
# A run listens on any free port; a report of it must not differ for that.
_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:|%3[Aa])(\d{2,5})\b")
# So many texts are kept beside what became of them.
_REMEMBERED = 4_096
_TIMES = frozenset({"date"})
_AUTHORIZING = frozenset({"authorization", "proxy-authorization"})
_LETTERS = re.compile(r"[a-z_]+")
# What goes on behind a value makes it another one.
_GOES_ON = re.compile(r"[\w@+~-]|\.\w|%(?!0|2[0267C]|3[BCE])[0-9A-F]{2}", re.IGNORECASE)
_Chance: TypeAlias = Callable[[str, Leak], bool]


class Cleaner:
    """Hides secrets, issued or not: all of them in what is quoted, and in the words around it those that are no words.

    Equal values get equal stand-ins.
    """

    def __init__(
        self, evidences: Iterable[Evidence], *, live: bool, command: Sequence[str] = (), more: Iterable[Secret] = ()
    ) -> None:
        """Collect the secrets of all the evidence and of the `command`; `live` takes out ports and times as well.

        `more` are those of what is not evidence any more.
        """
        self._live = live
        self._cleaned: dict[tuple[str, _Chance], str] = {}
        known = tuple(evidences)
        credentials = dict.fromkeys(secret for evidence in known for secret in evidence.facts.credentials)
        given = dict.fromkeys(secret.value for secret in credentials if secret.kind == "password")
        sent = dict.fromkeys(_secrets(known))
        kinship = Kinship(sorted(credentials, key=lambda secret: secret.kind), _tokens(known))
        variants = (Secret("password", text) for value in given for text in (value, *charset_variants(value)))
        lists = (sent, more, variants, _in_commands(known, command), pieces(given))
        self._redactor = TellingRedactor(dict.fromkeys(secret for found in lists for secret in found), kinship)
        self._ports = {port for evidence in known for port in _ports(evidence)}

    def command(self, words: Sequence[str]) -> list[str]:
        """Give the words of a command without the secrets that its options name, and those of the traffic."""
        named = shown(words, lambda _, value: self._redactor.placeholder(value))
        # Behind a blank: a word of a command is not a parameter, so no piece of a password stands alone in it.
        return [self.quoted(f" {word}")[1:] for word in named]

    def text(self, text: str) -> str:
        """Give what the kit or its user says; in what a `Text` quotes no secret is left."""
        return self._clean(text.parts if isinstance(text, Text) else (text,))

    def quoted(self, text: str) -> str:
        """Give a text of the traffic: all of it is quoted."""
        return self._clean(("", text))

    def again(self, text: str) -> str:
        """Give a command to be entered again; empty where there is a secret in it, for without that it is another."""
        return text if self._part(text[:_LONGEST_TEXT], _goes_on) == text else ""

    def _clean(self, parts: tuple[str, ...]) -> str:
        clean = "".join(map(self._part, parts, cycle((_is_word, _goes_on))))
        if self._live:
            clean = _LOOPBACK.sub(self._port_namer(), clean)
        if len(clean) <= _LONGEST_TEXT:
            return clean
        length = max(sum(map(len, parts)), len(clean))
        return f"{clean[:_LONGEST_TEXT]}… ({length - _LONGEST_TEXT} characters more)"

    def _part(self, part: str, is_chance: _Chance) -> str:
        # What the kit says is the same in many findings, and clients repeat themselves.
        key = (part, is_chance)
        if key not in self._cleaned:
            if len(self._cleaned) >= _REMEMBERED:
                self._cleaned.clear()
            self._cleaned[key] = self._redacted(part, is_chance)
        return self._cleaned[key]

    def _redacted(self, part: str, is_chance: _Chance) -> str:
        text = part[:_LONGEST_RAW].encode("utf-8", "backslashreplace").decode()
        # Whatever is quoted as a whole is a value, however short it is.
        whole = self._redactor.placeholder(text) if is_chance is _goes_on else text
        return whole if whole != text else self._redactor.text(text, is_chance)

    def _port_namer(self) -> Callable[[re.Match[str]], str]:
        """Name ports: that of the fake, and each other one of a text apart."""
        others: dict[str, str] = {}

        def name(match: re.Match[str]) -> str:
            host, mark, port = match.groups()
            if port in self._ports:
                return f"{host}{mark}PORT"
            return host + mark + others.setdefault(port, f"OTHER_PORT{len(others) + 1 if others else ''}")

        return name

    def body(self, body: bytes, headers: Headers) -> str:
        """Give a body as text that may leave: unpacked, without what is packed in it; no UTF-8 stands as escapes."""
        try:
            plain = rewritten(
                inflate(body), lambda data, inside: b"" if inside else data, headers.get("content-encoding")
            )
        except PackedError:
            plain = WITHHELD
        return self.quoted(plain.decode("utf-8", "backslashreplace"))

    def headers(self, headers: Headers) -> list[list[str]]:
        """Give header fields that may leave."""
        return [[self.quoted(name), self._header(name.lower(), value)] for name, value in headers]

    def _header(self, name: str, value: str) -> str:
        if name in _AUTHORIZING:
            return self.text(Text(quote_authorization(value)))
        return "(time)" if self._live and name in _TIMES else self.quoted(value)


def _is_word(_text: str, leak: Leak) -> bool:
    """Whether a value is as short as a word, or made as one."""
    value = leak.secret.value
    if leak.secret.kind == KIND:
        return True
    return len(value) < SHORTEST_PREFIX and (not stands_alone(value) or _LETTERS.fullmatch(value) is not None)


def _goes_on(text: str, leak: Leak) -> bool:
    """Whether what looks like a value is none where it stands: a short one that begins a longer word."""
    if leak.secret.kind == KIND:
        return not is_sent(text, leak)
    return not stands_alone(leak.secret.value) and _GOES_ON.match(text, leak.end) is not None


def _secrets(evidences: Iterable[Evidence]) -> Iterator[Secret]:
    for evidence in evidences:
        yield from evidence.facts.issued
        for exchange in evidence.exchanges:
            yield from secrets_of(exchange)


def _in_commands(evidences: Iterable[Evidence], command: Sequence[str]) -> Iterator[Secret]:
    children = (evidence.child for evidence in evidences if evidence.child is not None)
    started = [words for child in children for words in (child.argv, *child.processes)]
    for words in dict.fromkeys((tuple(command), *started)):
        yield from (Secret(kind, value) for kind, value in secrets_in(words))


def _tokens(evidences: Iterable[Evidence]) -> Iterator[str]:
    """Give what was whole once, by which that is known which a client changed."""
    for evidence in evidences:
        yield from (secret.value for secret in evidence.facts.issued)
        yield from evidence.access_tokens
        yield from evidence.refresh_tokens


def _ports(evidence: Evidence) -> Iterator[str]:
    """Give the port of the fake: that of the authority, or where a first request went."""
    first = (exchange.request.origin for exchange in evidence.exchanges[:1])
    for url in (evidence.facts.authority or "", *first):
        match = _LOOPBACK.search(url)
        if match is not None:
            yield match[3]
