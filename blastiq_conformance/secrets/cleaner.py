"""What leaves in a report: texts without secrets, without the ports of a run, no longer than a reader needs."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.secrets.command_line import secrets_in, shown
from blastiq_conformance.secrets.kinship import Kinship
from blastiq_conformance.secrets.password_pieces import KIND, is_named, is_sent, pieces
from blastiq_conformance.secrets.telling import TellingRedactor
from fake_idp.content_coding import WITHHELD, PackedError, inflate, rewritten
from fake_idp.secrets.charset_variants import charset_variants
from fake_idp.secrets.patterns import stands_alone
from fake_idp.secrets.redact import SHORTEST_PREFIX, Leak, Secret, secrets_of
from fake_idp.wire import Headers

_LONGEST_TEXT = 4_000
# More than that is not even searched for secrets: it is cut long before.
_LONGEST_RAW = 65_536
# A run listens on any free port; a report of it must not differ for that.
_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:|%3[Aa])(\d{2,5})\b")
# So many texts are kept beside what became of them.
_REMEMBERED = 4_096
_TIMES = frozenset({"date"})
_ADDRESSES = frozenset({"referer", "location", "content-location"})
_AUTHORIZING = frozenset({"authorization", "proxy-authorization"})
_LETTERS = re.compile(r"[a-z_]+")
# What goes on behind a value makes it another one.
_GOES_ON = re.compile(r"[\w@+~-]|\.\w|%(?!0|2[0267C]|3[BCE])[0-9A-F]{2}", re.IGNORECASE)
# How a rule puts a value into a sentence: name=value, user:password, "value"; and at its end.
_PUT_IN = re.compile(r"(?:=|\w:|>:|%3[ad]|%22|&quot;|\\u003d)\Z", re.IGNORECASE)
_QUOTES = frozenset("\"'")
_LOOKED_AT = 8
# The kit says where a field stood: (form field 2 of 4).
_PLACE = re.compile(r" (?:field|parameter|member) \d")
# Where a value stands bare: in a header that authorizes, and as the user whose token is meant.
_BARE = re.compile(r"(\bAuthorization: (?:Basic with |[A-Za-z]+ )?|\ba token of (?=\S+\Z))([^\s,;:]+)")
_Chance: TypeAlias = Callable[[str, Leak], bool]


class Cleaner:
    """Cleans texts: what the kit issued and what traffic carries, issued or not; equal values get equal marks."""

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
        variants = (Secret("password", text) for text in _charset_variants(given))
        lists = (sent, more, variants, _in_commands(known, command), pieces(given))
        self._redactor = TellingRedactor(dict.fromkeys(secret for found in lists for secret in found), kinship)
        self._ports = {port for evidence in known for port in _ports(evidence)}
        self._command = tuple(command)

    def command(self) -> list[str]:
        """Give the words of the command without the secrets that its options name, and those of the traffic."""
        return [self.label(word) for word in shown(self._command, self._word)]

    def _word(self, _kind: str, value: str) -> str:
        return self._redactor.placeholder(value)

    def text(self, text: str) -> str:
        """Give a text of the traffic that may leave."""
        return self._remembered(text, _goes_on)

    def label(self, text: str) -> str:
        """Give a text that is not part of traffic: a piece of a password is a word like any other there."""
        return self._remembered(text, _is_label)

    def prose(self, text: str) -> str:
        """Give what the kit says itself: a short secret is hidden where it was put in, not where a word is like it."""
        return self._remembered(_BARE.sub(self._bare, text), _is_word)

    def quotation(self, text: str) -> str:
        """Give what the kit says of the traffic: as prose, but of secrets only the shortest may be words."""
        return self._remembered(_BARE.sub(self._bare, text), _is_short_word)

    def again(self, text: str) -> str:
        """Give a command to be entered again; empty where there is a secret in it, for without that it is another."""
        clean = self._redactor.text(text[:_LONGEST_TEXT].encode("utf-8", "backslashreplace").decode(), _is_short_word)
        return text if clean == text else ""

    def name(self, text: str) -> str:
        """Give the name of a file, of a place in it, of a scenario: a short secret is none there."""
        return self._remembered(text, _is_any)

    def _bare(self, match: re.Match[str]) -> str:
        return match[1] + (match[2] if match[2] == "absent" else self._redactor.placeholder(match[2]))

    def _remembered(self, text: str, is_chance: _Chance) -> str:
        # Findings of one rule have most of their texts in common.
        key = (text, is_chance)
        if key not in self._cleaned:
            if len(self._cleaned) >= _REMEMBERED:
                self._cleaned.clear()
            self._cleaned[key] = self._clean(text, is_chance)
        return self._cleaned[key]

    def _clean(self, text: str, is_chance: _Chance) -> str:
        clean = self._redactor.text(text[:_LONGEST_RAW].encode("utf-8", "backslashreplace").decode(), is_chance)
        if self._live:
            clean = _LOOPBACK.sub(self._port_namer(), clean)
        if len(clean) <= _LONGEST_TEXT:
            return clean
        return f"{clean[:_LONGEST_TEXT]}… ({max(len(text), len(clean)) - _LONGEST_TEXT} characters more)"

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
            plain = rewritten(inflate(body), _without_packed, headers.get("content-encoding"))
        except PackedError:
            plain = WITHHELD
        return self.text(plain.decode("utf-8", "backslashreplace"))

    def headers(self, headers: Headers) -> list[list[str]]:
        """Give header fields that may leave."""
        return [[self.text(name), self._header(name, value)] for name, value in headers]

    def _header(self, name: str, value: str) -> str:
        if name.lower() in _AUTHORIZING:
            scheme, blank, credentials = value.partition(" ")
            return self.text(scheme + blank + self._redactor.placeholder(credentials))
        if name.lower() in _ADDRESSES:
            return self.text(value)
        return "(time)" if self._live and name.lower() in _TIMES else self._remembered(value, _is_label)


def _without_packed(data: bytes, inside: bool) -> bytes:
    return b"" if inside else data


def _is_short(leak: Leak) -> bool:
    return not stands_alone(leak.secret.value)


def _is_any(_text: str, leak: Leak) -> bool:
    """Whether a value is as short as a word, or made as one."""
    value = leak.secret.value
    if leak.secret.kind == KIND:
        return True
    return len(value) < SHORTEST_PREFIX and (_is_short(leak) or _LETTERS.fullmatch(value) is not None)


def _is_short_word(text: str, leak: Leak) -> bool:
    if leak.secret.kind == KIND:
        return not is_named(text, leak)
    return (_is_short(leak) or _PLACE.match(text, leak.end) is not None) and _is_word(text, leak)


def _goes_on(text: str, leak: Leak) -> bool:
    """Whether a short value is the beginning of a longer word: another value."""
    if leak.secret.kind == KIND:
        return not is_sent(text, leak)
    return _is_short(leak) and _GOES_ON.match(text, leak.end) is not None


def _is_label(text: str, leak: Leak) -> bool:
    """Whether what looks like a value is none where no parameters stand: there no piece of a password is one."""
    return leak.secret.kind == KIND or _goes_on(text, leak)


def _is_word(text: str, leak: Leak) -> bool:
    """Whether what looks like a short value is a word of the kit's own sentence."""
    if leak.secret.kind == KIND:
        return not is_named(text, leak)
    if leak.form != "raw" or not _is_any(text, leak):
        return False
    if _GOES_ON.match(text, leak.end):
        return True
    before, behind = text[max(0, leak.start - _LOOKED_AT) : leak.start], text[leak.end : leak.end + 1]
    ends = before.endswith(": ") and not behind
    quoted = before[-1:] in _QUOTES and before[-1:] == behind
    return not (ends or quoted or _PUT_IN.search(before))


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


def _charset_variants(passwords: Iterable[str]) -> Iterator[str]:
    for password in passwords:
        yield password
        yield from charset_variants(password)


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
