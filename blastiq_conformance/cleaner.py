"""What leaves in a report: texts without secrets, without the ports of a run, no longer than a reader needs."""

import re
from collections.abc import Iterable, Iterator

from blastiq_conformance.evidence import Evidence
from fake_idp.disguises import disguises
from fake_idp.redact import Redactor, Secret, secrets_of
from fake_idp.wire import Headers

_LONGEST_TEXT = 4_000
# More than that is not even searched for secrets: it is cut long before.
_LONGEST_RAW = 65_536
# A run listens on any free port; a report of it must not differ for that.
_LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:|%3[Aa])\d{2,5}\b")
# So many texts are kept beside what became of them.
_REMEMBERED = 4_096
_TIMES = frozenset({"date"})


class Cleaner:
    """Cleans texts: what the kit issued and what traffic carries, issued or not; equal values get equal marks."""

    def __init__(self, evidences: Iterable[Evidence], *, live: bool) -> None:
        """Collect the secrets of all the evidence; `live` takes out ports and times as well."""
        self._live = live
        self._cleaned: dict[str, str] = {}
        known = tuple(evidences)
        # Last: a password in another character set is another value, and takes no number from those that were sent.
        self._redactor = Redactor(dict.fromkeys((*_secrets(known), *_disguised(known))))

    def text(self, text: str) -> str:
        """Give a text that may leave; findings of one rule have most of theirs in common."""
        if text not in self._cleaned:
            if len(self._cleaned) >= _REMEMBERED:
                self._cleaned.clear()
            self._cleaned[text] = self._clean(text)
        return self._cleaned[text]

    def _clean(self, text: str) -> str:
        clean = self._redactor.text(text[:_LONGEST_RAW].encode("utf-8", "backslashreplace").decode())
        if self._live:
            clean = _LOOPBACK.sub(r"\1\2PORT", clean)
        if len(clean) <= _LONGEST_TEXT:
            return clean
        return f"{clean[:_LONGEST_TEXT]}… ({max(len(text), len(clean)) - _LONGEST_TEXT} characters more)"

    def body(self, body: bytes) -> str:
        """Give a body as text that may leave; what is no UTF-8 stands as escapes."""
        return self.text(body.decode("utf-8", "backslashreplace"))

    def headers(self, headers: Headers) -> list[list[str]]:
        """Give header fields that may leave."""
        return [[self.text(name), self._header(name, value)] for name, value in headers]

    def _header(self, name: str, value: str) -> str:
        return "(time)" if self._live and name.lower() in _TIMES else self.text(value)


def _secrets(evidences: Iterable[Evidence]) -> Iterator[Secret]:
    for evidence in evidences:
        yield from evidence.facts.issued
        for exchange in evidence.exchanges:
            yield from secrets_of(exchange)


def _disguised(evidences: Iterable[Evidence]) -> Iterator[Secret]:
    for evidence in evidences:
        facts = evidence.facts
        for password in (facts.password or "", *(password for _, password in facts.other_users)):
            yield Secret("password", password)
            yield from (Secret("password", text) for text in disguises(password))
