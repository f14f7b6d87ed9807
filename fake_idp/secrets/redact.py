"""What must never leave the process: the secrets that traffic carries, and the stand-ins that take their place."""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from fake_idp.secrets.patterns import NUMBERED
from fake_idp.secrets.search import Leak, Search, Secret
from fake_idp.wire import Request, Response

_TOLD = re.compile(rf"{NUMBERED.pattern[:-1]}(?: [^<>]{{1,80}})?>")


class Traffic(Protocol):
    """What secrets are read from: a request and its response."""

    @property
    def request(self) -> Request:
        """The request as it stood on the wire."""

    @property
    def response(self) -> Response | None:
        """The response, if one came."""


class Redactor:
    """Replaces secrets by `<kind:n>`: equal values by the same one, numbered per kind in the order given."""

    def __init__(
        self,
        secrets: Iterable[Secret],
        made: Mapping[str, tuple[str, str]] = MappingProxyType({}),
        how: Callable[[Leak, str], str] = lambda _leak, _text: "",
    ) -> None:
        """Number the secrets; one that is a stand-in already keeps its own, and its number is not given again.

        Values that were `made` of another are named after it, with words for that; `how` gives words for the form in
        which a secret stands in a text.
        """
        given = sorted((secret for secret in secrets if secret.value), key=lambda secret: secret.value in made)
        taken = {secret.value for secret in given if NUMBERED.fullmatch(secret.value)}
        self._stand_ins = {value: value for value in taken}
        self._how = how
        counts: dict[str, int] = {}
        for secret in given:
            if secret.value in made:
                origin, words = made[secret.value]
                self._stand_ins[secret.value] = _told(self._stand_ins[origin], words)
            while secret.value not in self._stand_ins:
                counts[secret.kind] = counts.get(secret.kind, 0) + 1
                stand_in = f"<{secret.kind}:{counts[secret.kind]}>"
                if stand_in not in taken:
                    self._stand_ins[secret.value] = stand_in
        self._search = Search(secret for secret in given if secret.value not in taken)

    def stand_in(self, value: str) -> str:
        """Give what stands for a value; the value itself where it is not a secret."""
        return self._stand_ins.get(value, value)

    def text(self, text: str, is_chance: Callable[[str, Leak], bool] | None = None) -> str:
        """Replace every occurrence, in every encoding, beginnings too; what is a stand-in already stays.

        `is_chance` tells what only looks like a secret where it stands, and stays as well.
        """
        leaks = [leak for leak in self._search.find(text) if is_chance is None or not is_chance(text, leak)]
        if not leaks:
            return text
        kept = [match.span() for match in _TOLD.finditer(text)]
        pieces: list[str] = []
        end = 0
        for leak in leaks:
            if not any(_cuts(leak, start, stop) for start, stop in kept):
                shown = _told(self._stand_ins[leak.secret.value], self._how(leak, text))
                pieces += (text[end : leak.start], shown)
                end = leak.end
        return "".join((*pieces, text[end:]))


def _told(stand_in: str, words: str) -> str:
    return f"{stand_in.removesuffix('>')} {words}>" if words else stand_in


def _cuts(leak: Leak, start: int, stop: int) -> bool:
    overlaps = start < leak.end and leak.start < stop
    return overlaps and not (leak.start <= start and stop <= leak.end)
