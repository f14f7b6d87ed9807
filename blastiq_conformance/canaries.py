"""The values that must turn up only where they belong, and the search for them in every encoding (N7)."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from blastiq_conformance.facts import Facts
from blastiq_conformance.token_request import TokenRequest
from fake_idp.redact import PLACEHOLDER, SHORTEST_PREFIX, Search, Secret

# The placeholder of a token that was cut has lost its end.
_PLACEHOLDER = re.compile(f"{PLACEHOLDER.pattern}?")

# Names of fields whose value is a secret, whatever it is.
SECRET_FIELDS = frozenset({"password", "client_secret", "access_token", "refresh_token", "id_token"})

_TELLING = frozenset({"authorization", "referer"})
# Of a long recording with a new text in each request, not all are kept.
_REMEMBERED = 64


@dataclass(frozen=True)
class Canaries:
    """What was injected and issued, and what the token requests show; a username is no secret."""

    secrets: tuple[Secret, ...]

    @classmethod
    def of(cls, facts: Facts, requests: Iterable[TokenRequest], tokens: Iterable[Secret]) -> "Canaries":
        """Gather them: in a recording, whose values nobody told us, the traffic alone shows what is secret."""
        given = (facts.password or "", *(password for _, password in facts.other_users))
        found = [*facts.issued, *(Secret("password", password) for password in given), *tokens]
        for request in requests:
            for kind in ("password", "client_secret", "refresh_token"):
                found += [Secret(kind, field.value) for field in request.all(kind)]
        return cls(tuple(dict.fromkeys(secret for secret in found if secret.value and secret.kind != "username")))

    @cached_property
    def values(self) -> frozenset[str]:
        """The values alone, short ones too."""
        return frozenset(secret.value for secret in self.secrets)

    @cached_property
    def passwords(self) -> frozenset[str]:
        """The passwords alone, short ones too."""
        return frozenset(secret.value for secret in self.secrets if secret.kind == "password")

    @cached_property
    def _tokens(self) -> list[str]:
        return sorted(secret.value for secret in self.secrets if secret.kind == "access_token")

    def token_beginning_with(self, text: str) -> str | None:
        """Give an access token of which the text is the beginning, and not the whole."""
        at = bisect_right(self._tokens, text)
        return self._tokens[at] if at < len(self._tokens) and self._tokens[at].startswith(text) else None

    def are_absent(self, headers: tuple[tuple[str, str], ...]) -> bool:
        """Whether header fields hold none of them, nor name a URL that may, nor authorize anybody."""
        # A client sends the same fields with nearly every request.
        if headers not in self._absent:
            names = {name.lower() for name, _ in headers}
            self._absent[headers] = not names & _TELLING and not self.search.find("\n".join(v for _, v in headers))
        return self._absent[headers]

    @cached_property
    def _absent(self) -> dict[tuple[tuple[str, str], ...], bool]:
        return {}

    def are_lacking(self, search: Search, text: str) -> bool:
        """Whether a search finds nothing in a text; remembered for some texts, a client repeats its sign-in."""
        if (search, text) in self._lacking:
            return True
        lacking = not search.find(text)
        if lacking and len(self._lacking) < _REMEMBERED:
            self._lacking.add((search, text))
        return lacking

    @cached_property
    def _lacking(self) -> set[tuple[Search, str]]:
        return set()

    @cached_property
    def search(self) -> Search:
        """Looks for all of them but short ones, which turn up by chance."""
        return self._search(*{secret.kind for secret in self.secrets})

    @cached_property
    def password_search(self) -> Search:
        """Looks for passwords alone, where that must be fast."""
        return self._search("password")

    @cached_property
    def token_search(self) -> Search:
        """Looks for access tokens alone."""
        return self._search("access_token")

    def _search(self, *kinds: str) -> Search:
        return Search(secret for secret in self.secrets if secret.kind in kinds and is_long(secret.value))


def is_long(value: str) -> bool:
    """Whether a value is long enough to be told from others by its beginning; a placeholder says that of another."""
    if _PLACEHOLDER.fullmatch(value):
        return not value.startswith("<short_")
    return len(value) >= SHORTEST_PREFIX
