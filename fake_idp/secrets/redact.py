"""What must never leave the process: the secrets that traffic carries, and the placeholders that take their place."""

from collections.abc import Callable, Iterable
from typing import Protocol

from fake_idp.secrets.encodings import encodings
from fake_idp.secrets.patterns import PLACEHOLDER, SHORTEST_PREFIX
from fake_idp.secrets.search import Leak, Search, Secret, find
from fake_idp.wire import Request, Response

__all__ = [
    "PLACEHOLDER",
    "SHORTEST_PREFIX",
    "Leak",
    "Redactor",
    "Search",
    "Secret",
    "Traffic",
    "encodings",
    "find",
]


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

    pattern = PLACEHOLDER

    def __init__(self, secrets: Iterable[Secret]) -> None:
        """Number the secrets; one that is a placeholder already keeps its own, and its number is not given again."""
        given = [secret for secret in secrets if secret.value]
        taken = {secret.value for secret in given if PLACEHOLDER.fullmatch(secret.value)}
        self._placeholders = {value: value for value in taken}
        counts: dict[str, int] = {}
        for secret in given:
            while secret.value not in self._placeholders:
                counts[secret.kind] = counts.get(secret.kind, 0) + 1
                placeholder = f"<{secret.kind}:{counts[secret.kind]}>"
                if placeholder not in taken:
                    self._placeholders[secret.value] = placeholder
        self._search = Search(secret for secret in given if secret.value not in taken)

    def placeholder(self, value: str) -> str:
        """Give what stands for a value; the value itself where it is not a secret."""
        return self._placeholders.get(value, value)

    def text(self, text: str, is_chance: Callable[[str, Leak], bool] | None = None) -> str:
        """Replace every occurrence, in every encoding, beginnings too; what is a placeholder already stays.

        `is_chance` tells what only looks like a secret where it stands, and stays as well.
        """
        leaks = [leak for leak in self._search.find(text) if is_chance is None or not is_chance(text, leak)]
        if not leaks:
            return text
        kept = [match.span() for match in self.pattern.finditer(text)]
        pieces: list[str] = []
        end = 0
        for leak in leaks:
            if not any(_cuts(leak, start, stop) for start, stop in kept):
                pieces += (text[end : leak.start], self.shown(leak, text))
                end = leak.end
        return "".join((*pieces, text[end:]))

    def shown(self, leak: Leak, text: str) -> str:  # noqa: ARG002 - for those who tell more of what stands in a text
        """Give what stands for a secret where it was found in a text."""
        return self._placeholders[leak.secret.value]


def _cuts(leak: Leak, start: int, stop: int) -> bool:
    overlaps = start < leak.end and leak.start < stop
    return overlaps and not (leak.start <= start and stop <= leak.end)
