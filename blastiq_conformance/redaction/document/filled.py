"""Texts with variables in them, redacted so that what they resolve to is what the resolved text becomes.

A variable stays where its own new value makes that true; otherwise the resolved text is written in its place, and a
value that was a piece of a secret there is taken out of the variable.
"""

import re
from collections.abc import Callable, Mapping
from functools import cached_property

from blastiq_conformance.redaction.prose import WHOLE_JWT
from blastiq_conformance.redaction.redacted import REDACTED
from blastiq_conformance.secrets.message import url
from blastiq_conformance.secrets.place import Kind, Place, Show
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

Write = Callable[[str], str]


class Filled:
    """The variables of one document: `own` are written in it, `given` came beside it and are not to be relied on."""

    def __init__(self, own: Mapping[str, str], given: Mapping[str, str], used: set[str], show: Show) -> None:
        """Take the names that are `used`; those that are met here are added."""
        self.old = {**own, **given}
        self._own = tuple(own)
        self._used = used
        self._show = show

    @cached_property
    def new(self) -> Mapping[str, str]:
        """The new values of its own variables."""
        return {name: self.value(name, self.old[name]) for name in self._own}

    def value(self, name: str, text: str) -> str:
        """Give the new value of a variable by its name and what was written as its value."""
        value = resolve(text, self.old)
        if "://" in value:
            return url(value, self._show)
        kind = "access_token" if WHOLE_JWT.fullmatch(value) else kind_of(name)
        if kind is None:
            kind = Kind.TEXT if may_stay(name, value) else Kind.USED if name in self._used else Kind.UNUSED
        return self._show(Place(kind, value))

    def place(self, text: str, write: Write, read: Write = str) -> str:
        """Write a text anew; `read` is what a reader makes of it once it is resolved."""
        names = self._names(text) if "{{" in text else set()
        self._used |= names
        if not names & self.old.keys():
            return write(text)
        wanted = write(read(resolve(text, self.old)))
        return next((each for each in (text, write(text)) if read(resolve(each, self.new)) == wanted), wanted)

    def _names(self, text: str) -> set[str]:
        names: set[str] = set()
        waiting = [text]
        for _ in range(_DEEPEST):
            found = {match[1] for each in waiting for match in _REFERENCE.finditer(each)} - names
            names |= found
            waiting = [self.old[name] for name in found if name in self.old]
        return names


def references(text: str) -> list[str]:
    """Give each `{{name}}` that stands in a text: it names a secret, and is none."""
    return [match[0] for match in _REFERENCE.finditer(text) if not REDACTED.fullmatch(match[0])]


def may_stay(name: str, value: str) -> bool:
    """Whether the value of a variable that nothing uses is harmless by its name, or by what little it is."""
    return _HARMLESS.search(name) is not None or _SMALL.fullmatch(value) is not None
