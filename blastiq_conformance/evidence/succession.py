"""Which token replaced which: a client's own earlier one that it never used again."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from blastiq_conformance.evidence.clients import Client, between
from blastiq_conformance.evidence.token_request import TokenRequest
from fake_idp.lazy import kept

# With this many workers, each with a token of its own, every one has had its turn after as many calls.
_POOL = 4


class Succession(NamedTuple):
    """A token that came, `new`, and the one that it replaced; None where it is the first of a worker.

    `needless`: the old one was not used afterwards, though no call with it had failed.
    """

    new: TokenRequest
    old: TokenRequest | None = None
    needless: bool = False


@kept
def successions(client: Client) -> tuple[Succession, ...]:
    """Give each token of a client with the one that it replaced; computed once for a client."""
    return tuple(_History(client).tell())


def is_certain(client: Client, succession: Succession) -> bool:
    """Whether both tokens were the same worker's, and the new one is not another worker's first."""
    old, new = succession.old, succession.new
    if old is None or client.may_restart(old.exchange, new.exchange):
        return False
    later = len(client.calls) - bisect_right(client.calls, new.exchange.number, key=lambda call: call.exchange.number)
    return new.is_refresh or later >= max(_POOL, client.breadth, client.concurrency)


class _History:
    """The state of a client's tokens as they come, one after the other."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._users: dict[str, str] = {}  # the user of each access or refresh token
        self._origins: dict[str, TokenRequest] = {}  # the last request that brought or presented each refresh token
        self._current: list[TokenRequest] = []  # those whose token has not been replaced yet
        self._failures = [call for call in client.failures if call.tokens]

    def tell(self) -> Iterator[Succession]:
        for new in self._client.token_requests:
            if (token := new.access_token) is None:
                continue
            brought = new.told("refresh_token")
            if new.is_refresh:
                refresh_token = new.value("refresh_token") or ""
                user, old = self._users.get(refresh_token, ""), self._origins.get(refresh_token)
                self._origins[refresh_token] = new
            else:
                user = new.value("username") or ""
                old = self._abandoned(new, user)
            if old in self._current:
                self._current.remove(old)
            self._current.append(new)
            self._users[token] = user
            if brought is not None:
                self._users[brought], self._origins[brought] = user, new
            needless = old is not None and self._is_abandoned(old, new) and not self._has_failed(old, new)
            yield Succession(new, old, needless)

    def _abandoned(self, new: TokenRequest, user: str) -> TokenRequest | None:
        """Choose the token that a sign-in replaces: the first that was refused, else the last that came."""
        free = [
            old
            for old in self._current
            if self._users[old.access_token or ""] == user
            and self._is_abandoned(old, new)
            # A worker that still waits for a token does not ask for another.
            and old.exchange.ended <= new.exchange.started
        ]
        if len(free) < 2:
            return free[0] if free else None
        return next((old for old in free if self._has_failed(old, new)), free[-1])

    def _is_abandoned(self, old: TokenRequest, new: TokenRequest) -> bool:
        return self._client.last_uses.get(old.access_token or "", 0) < new.exchange.number

    def _has_failed(self, old: TokenRequest, new: TokenRequest) -> bool:
        """Whether a call with the old token, or with an unknown one, failed before the new one was requested."""
        failures = between(self._failures, old.exchange.number, new.exchange.number)
        return any(call.issued_token in {None, old.access_token} for call in failures)
