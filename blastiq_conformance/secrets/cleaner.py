"""What leaves in a report: texts without secrets, without the ports of a run, no longer than a reader needs."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import cycle

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.quotation import Text, quote_authorization
from blastiq_conformance.secrets.command_line import secrets_in, shown
from blastiq_conformance.secrets.password_pieces import KIND, is_sent, pieces
from blastiq_conformance.secrets.telling import telling
from blastiq_conformance.secrets.traffic import secrets_of
from fake_idp.content_coding import inflate, rewritten
from fake_idp.secrets.charset_variants import charset_variants
from fake_idp.secrets.patterns import SHORTEST_PREFIX, stands_alone
from fake_idp.secrets.search import Leak, Secret
from fake_idp.wire import Headers

_LONGEST_TEXT = 4_000
# More than that is not even searched for secrets: it is cut long before.
_LONGEST_RAW = 65_536
# A run listens on any free port; a report of it must not differ for that.
_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:|%3[Aa])(\d{2,5})\b")
_REMEMBERED = 4_096
_AUTHORIZING = frozenset({"authorization", "proxy-authorization"})
_LETTERS = re.compile(r"[a-z_]+")
# What follows a value and makes it another one.
_GOES_ON = re.compile(r"[\w@+~-]|\.\w|%(?!0|2[0267C]|3[BCE])[0-9A-F]{2}", re.IGNORECASE)


class Cleaner:
    """Hides secrets, issued or not: all of them in what is quoted, and in the words around it those that are not words.

    Equal values get equal stand-ins.
    """

    def __init__(
        self, evidences: Iterable[Evidence], *, live: bool, command: Sequence[str] = (), more: Iterable[Secret] = ()
    ) -> None:
        """Collect the secrets of all the evidence and of the `command`; `live` takes out ports and times as well.

        `more` are those of what is not evidence any more.
        """
        known = tuple(evidences)
        self._live = live
        found = (_LOOPBACK.search(url) for evidence in known for url in _addresses(evidence))
        self._ports = {match[3] for match in found if match is not None}
        given = dict.fromkeys(secret for evidence in known for secret in evidence.facts.credentials)
        passwords = dict.fromkeys(secret.value for secret in given if secret.kind == "password")
        sent = dict.fromkeys(secret for evidence in known for secret in _secrets(evidence))
        variants = (Secret("password", text) for value in passwords for text in (value, *charset_variants(value)))
        children = [evidence.child for evidence in known if evidence.child is not None]
        argv = (words for child in children for words in (child.argv, *child.processes))
        started = dict.fromkeys((tuple(command), *argv))
        named = (Secret(kind, value) for words in started for kind, value in secrets_in(words))
        secrets = dict.fromkeys((*sent, *more, *variants, *named, *pieces(passwords)))
        self._redactor = telling(secrets, given, (value for evidence in known for value in _issued(evidence)))
        # What the kit says is the same in many findings, and clients repeat themselves.
        self._part = lru_cache(_REMEMBERED)(self._redacted)

    def command(self, words: Sequence[str]) -> list[str]:
        """Give the words of a command without the secrets that its options name, and those of the traffic."""
        named = shown(words, lambda _, value: self._redactor.stand_in(value))
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
            others: dict[str, str] = {}
            clean = _LOOPBACK.sub(lambda match: match[1] + match[2] + self._port(match[3], others), clean)
        if len(clean) <= _LONGEST_TEXT:
            return clean
        length = max(sum(map(len, parts)), len(clean))
        return f"{clean[:_LONGEST_TEXT]}… ({length - _LONGEST_TEXT} characters more)"

    def _redacted(self, part: str, is_chance: Callable[[str, Leak], bool]) -> str:
        text = part[:_LONGEST_RAW].encode("utf-8", "backslashreplace").decode()
        # Whatever is quoted as a whole is a value, however short it is.
        whole = self._redactor.stand_in(text) if is_chance is _goes_on else text
        return whole if whole != text else self._redactor.text(text, is_chance)

    def _port(self, port: str, others: dict[str, str]) -> str:
        """Name a port: that of the fake, and each other one of a text apart."""
        return (
            "PORT" if port in self._ports else others.setdefault(port, f"OTHER_PORT{len(others) + 1 if others else ''}")
        )

    def body(self, body: bytes, headers: Headers) -> str:
        """Give a body as text that may leave: unpacked, without what is packed in it; no UTF-8 stands as escapes."""
        coding = headers.get("content-encoding")
        plain = rewritten(inflate(body), lambda data, inside: b"" if inside else data, coding)
        return self.quoted(plain.decode("utf-8", "backslashreplace"))

    def headers(self, headers: Headers) -> list[list[str]]:
        """Give header fields that may leave."""
        return [[self.quoted(name), self._header(name.lower(), value)] for name, value in headers]

    def _header(self, name: str, value: str) -> str:
        if name in _AUTHORIZING:
            return self.text(Text(quote_authorization(value)))
        return "(time)" if self._live and name == "date" else self.quoted(value)


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


def _secrets(evidence: Evidence) -> Iterator[Secret]:
    yield from evidence.facts.issued
    for exchange in evidence.exchanges:
        yield from secrets_of(exchange)


def _issued(evidence: Evidence) -> Iterator[str]:
    """Give what was whole once, by which that is known which a client changed."""
    yield from (secret.value for secret in evidence.facts.issued)
    yield from (*evidence.access_tokens, *evidence.refresh_tokens)


def _addresses(evidence: Evidence) -> Iterator[str]:
    """Give the addresses of the fake: the authority, and where a first request went."""
    yield evidence.facts.authority or ""
    yield from (exchange.request.origin for exchange in evidence.exchanges[:1])
