"""The values that must turn up only where they belong, and the search for them in every encoding (N7)."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TypeAlias

from blastiq_conformance.evidence.facts import Facts
from blastiq_conformance.evidence.token_request import TokenRequest
from fake_idp.secrets.patterns import SHORTEST_PREFIX
from fake_idp.secrets.search import Search, Secret

_Fields: TypeAlias = "tuple[tuple[str, str], ...]"

# Names of fields whose value is a secret, whatever it is.
SECRET_FIELDS = frozenset({"password", "client_secret", "access_token", "refresh_token", "id_token"})

# A query, user information, or a segment of the path that is long enough to hide something.
HIDING = re.compile(rf"[?@]|[^/]{{{SHORTEST_PREFIX},}}")
# Of a long recording with a new text in each request, not all are kept.
_REMEMBERED = 512


@dataclass(frozen=True)
class Canaries:
    """The values that were injected or issued, and those in the token requests; a user name is not a secret."""

    secrets: tuple[Secret, ...]
    _lacking: set[tuple[Search, str]] = field(default_factory=set, repr=False, compare=False)

    @classmethod
    def of(cls, facts: Facts, requests: Iterable[TokenRequest], tokens: Iterable[Secret]) -> "Canaries":
        """Gather them: in a recording, only the traffic shows what is secret."""
        given = (facts.password or "", *(password for _, password in facts.other_users))
        found = [*facts.issued, *(Secret("password", password) for password in given), *tokens]
        for request in requests:
            for kind in ("password", "client_secret", "refresh_token"):
                found += [Secret(kind, field.value) for field in request.all(kind)]
        # A client id is public, even where it is sent as a secret, which is BIQ209's.
        public = Secret("client_secret", facts.client_id)
        secrets = (secret for secret in found if secret.value and secret.kind != "username" and secret != public)
        return cls(tuple(dict.fromkeys(secrets)))

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
        """Give an access token that begins with the text and is longer."""
        at = bisect_right(self._tokens, text)
        return self._tokens[at] if at < len(self._tokens) and self._tokens[at].startswith(text) else None

    @cached_property
    def lone_bearer(self) -> Callable[[_Fields, str], str]:
        """Give the bearer token of header fields and a target that hold no other secret; empty where they may.

        A client calls with the same fields again and again, until its token changes.
        """
        return lru_cache(_REMEMBERED)(self._lone_bearer)

    def _lone_bearer(self, fields: _Fields, target: str) -> str:
        sent = [(name.lower(), value) for name, value in fields]
        authorization = [value for name, value in sent if name == "authorization"]
        beside = [value for name, value in sent if name != "authorization"]
        if len(authorization) != 1 or not authorization[0].startswith("Bearer ") or "referer" in dict(sent):
            return ""
        # A query may name a secret whose value nobody knows (BIQ704).
        if "?" in target or "@" in target:
            return ""
        if HIDING.search(target):
            beside.append(target)
        return authorization[0][7:] if self.lack(self.search, beside) else ""

    def lack(self, search: Search, texts: Iterable[str]) -> bool:
        """Whether a search finds nothing in texts; only new ones are searched, for a client repeats most of them."""
        new = [text for text in texts if (search, text) not in self._lacking]
        if new and search.find("\n".join(new)):
            return False
        if len(self._lacking) > _REMEMBERED:
            self._lacking.clear()
        self._lacking.update((search, text) for text in new)
        return True

    @cached_property
    def search(self) -> Search:
        """A search for all of them but short ones, which turn up by chance."""
        return self._search(*{secret.kind for secret in self.secrets})

    @cached_property
    def password_search(self) -> Search:
        """A search for passwords only, where it must be fast."""
        return self._search("password")

    @cached_property
    def token_search(self) -> Search:
        """A search for access tokens only."""
        return self._search("access_token")

    def _search(self, *kinds: str) -> Search:
        return Search(
            secret for secret in self.secrets if secret.kind in kinds and len(secret.value) >= SHORTEST_PREFIX
        )
