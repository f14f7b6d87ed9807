"""Texts with variables in them, redacted so that what they resolve to is what the resolved text becomes.

A variable stays where its own new value makes that true; otherwise the resolved text is written in its place, and a
value that was a piece of a secret there is taken out of the variable.
"""

import re
from collections.abc import Callable, Mapping
from functools import cached_property

from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.redacted import REDACTED
from blastiq_conformance.secrets.message import url
from blastiq_conformance.sources.template import resolve
from fake_idp.secrets.secret_names import kind_of

_REFERENCE = re.compile(r"\{\{\s*([^{}\s]+)\s*\}\}")
_DEEPEST = 10
# What the name of a variable that nothing uses says of its value, and what little a harmless one is.
_HARMLESS = re.compile(
    r"ur[li]|host|base|path|port|scheme|protocol|authority|issuer|endpoint|version|client.?id|scope|grant|audience|env"
    r"|content|accept|lang|type|api$|method|algorithm|client.?auth|add.?token.?to|prefix|token.?name|callback",
    re.IGNORECASE,
)
_SMALL = re.compile(r"|true|false|[\d.]{1,5}|\W*", re.IGNORECASE)

Show = Callable[[str], str]


def _as_it_is(text: str) -> str:
    return text


class Filled:
    """The variables of one document: `own` are written in it, `given` came beside it and are not to be relied on."""

    def __init__(self, own: Mapping[str, str], given: Mapping[str, str], redaction: Redaction) -> None:
        """Know no variable as used yet: walk through all places while `redaction` learns, and once more to write."""
        self._old = {**own, **given}
        self._redaction = redaction
        self._own = tuple(own)
        self._used: set[str] = set()

    @cached_property
    def _learned(self) -> dict[str, str]:
        return {name: self._shown(name, self.resolved(self._old[name])) for name in self._own}

    @property
    def new(self) -> Mapping[str, str]:
        """The new values of its own variables; those of before while nothing is written."""
        return self._old if self._redaction.learning else self._learned

    def resolved(self, text: str) -> str:
        """Put in the values of before."""
        return resolve(text, self._old)

    def renewed(self, text: str) -> str:
        """Put in the values of after; those that came beside the document stay as they were."""
        return resolve(text, {**self._old, **self.new})

    def value(self, name: str, text: str) -> str:
        """Give the new value of a variable by its name and what was written as its value."""
        if name in self._own and text == self._old[name] and not self._redaction.learning:
            return self._learned[name]
        return self._shown(name, self.resolved(text))

    def _shown(self, name: str, value: str) -> str:
        # A piece of a secret that is made of several variables.
        if self._redaction.is_piece(value) and not may_stay(name, value):
            return self._redaction.secret("value", value)
        if self._redaction.is_known(value):
            return self._redaction.secret(kind_of(name) or "value", value)
        if "://" in value:
            return url(value, self._redaction)
        if (kind := kind_of(name)) is not None:
            return self._redaction.secret(kind, value)
        clean = self._redaction.text(value)
        if clean != value or name in self._used or may_stay(name, value) or self._redaction.is_client(value):
            return clean
        return self._redaction.shown("value", value)

    def place(self, text: str, show: Show, read: Show = _as_it_is) -> str:
        """Redact a text by `show`; `read` is what a reader makes of it once it is resolved."""
        names = self._names(text) if "{{" in text else set()
        self._used |= names
        if not names & self._old.keys():
            return show(text)
        wanted = show(read(self.resolved(text)))
        for candidate in (text, show(text)):
            if read(resolve(candidate, self.new)) == wanted:
                return candidate
        return wanted

    def _names(self, text: str) -> set[str]:
        names: set[str] = set()
        waiting = [text]
        for _ in range(_DEEPEST):
            found = {match[1] for each in waiting for match in _REFERENCE.finditer(each)} - names
            names |= found
            waiting = [self._old[name] for name in found if name in self._old]
        return names


def keep_references(text: str, redaction: Redaction) -> None:
    """Let `{{name}}` stay: it names a secret, and is none."""
    redaction.keep(dict.fromkeys(match[0] for match in _REFERENCE.finditer(text) if not REDACTED.fullmatch(match[0])))


def may_stay(name: str, value: str) -> bool:
    """Whether the value of a variable that nothing uses is harmless by its name, or by what little it is."""
    return _HARMLESS.search(name) is not None or _SMALL.fullmatch(value) is not None
