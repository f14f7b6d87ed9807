"""Values that must not be shipped, searched for in every encoding of N7 and every common character set."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from fake_idp.secrets.encodings import encodings
from fake_idp.secrets.patterns import patterns_of
from fake_idp.secrets.redact import Redactor
from fake_idp.secrets.search import Secret

# A shorter value would occur everywhere by chance.
SHORTEST = 6
_CHARSETS = ("utf-8", "utf-16-le", "utf-16-be", "latin-1")


@dataclass(frozen=True)
class Known:
    """The values, each with its kind: `known` from a list, `username` and `password` in an example."""

    secrets: tuple[Secret, ...] = ()

    def find(self, data: bytes) -> Iterator[tuple[int, int, str]]:
        """Give the place of each occurrence, and the placeholder of the value."""
        for pattern, shown in self._patterns:
            at = data.find(pattern)
            while at >= 0:
                yield at, at + len(pattern), shown
                at = data.find(pattern, at + len(pattern))

    def hide(self, text: str) -> str:
        """Replace the values in a text, such as the name of a file."""
        return self._redactor.text(text)

    @cached_property
    def longest(self) -> int:
        """How many bytes the longest form has, 0 if nothing is known."""
        return max((len(pattern) for pattern, _ in self._patterns), default=0)

    @cached_property
    def _redactor(self) -> Redactor:
        return Redactor(self.secrets)

    @cached_property
    def _patterns(self) -> tuple[tuple[bytes, str], ...]:
        # Only whole values: a shipped file was written by somebody, not cut short by a log.
        found: dict[bytes, str] = {}
        for secret in self.secrets:
            forms = encodings(secret.value) | {made.form[: made.whole] for made in patterns_of(secret.value, 0)}
            for form, charset in product(sorted(forms), _CHARSETS):
                found.setdefault(form.encode(charset, "ignore"), self._redactor.stand_in(secret.value))
        return tuple((pattern, shown) for pattern, shown in found.items() if len(pattern) >= SHORTEST)
