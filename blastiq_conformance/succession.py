"""Which token took the place of which: a client's own earlier one, that it never used again."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from blastiq_conformance.clients import Client
from blastiq_conformance.token_request import TokenRequest

# Of so many workers, each with a token of its own, every one has had its turn after as many calls.
_POOL = 4


@dataclass(frozen=True, kw_only=True)
class Succession:
    """A token that came, `new`, and the one in whose place it did; None where it is the first of a worker.

    `used`: the old one had been. `failed`: a call with it had, so that there was a reason. `abandoned`: nobody used it
    afterwards. `certain`: it was one and the same worker's, and not the first token of another.
    """

    new: TokenRequest
    old: TokenRequest | None = None
    used: bool = False
    failed: bool = False
    abandoned: bool = False
    certain: bool = False

    @property
    def needless(self) -> bool:
        """Whether the old one was given up though the API had refused nothing."""
        return self.old is not None and self.abandoned and not self.failed


def successions(client: Client, concurrency: int = 0) -> tuple[Succession, ...]:
    """Give each token of a client with the one that it replaced; `concurrency`: it was told to have so many callers."""
    return tuple(_History(client, max(_POOL, client.breadth, concurrency)).tell())


class _History:
    """What is known of a client's tokens while they come, one after the other."""

    def __init__(self, client: Client, workers: int) -> None:
        self._client, self._workers = client, workers
        self._numbers = [call.exchange.number for call in client.calls]
        self._users: dict[str, str] = {}  # of each token, access and refresh alike: whose it is
        self._origins: dict[str, TokenRequest] = {}  # of each refresh token: the last request that it came with or in
        self._current: list[TokenRequest] = []  # those in whose place nothing has come yet
        # By access token, "" for one that is none of ours: it may be ours, and garbled.
        self._failures: dict[str, list[int]] = {}
        for call in client.calls:
            if not call.accepted and call.tokens:
                self._failures.setdefault(call.issued_token or "", []).append(call.exchange.number)

    def tell(self) -> Iterator[Succession]:
        for new in self._client.token_requests:
            if new.access_token is None:
                continue
            handle, brought = new.value("refresh_token") or "", new.answer.get("refresh_token")
            user = self._users.get(handle, "") if new.is_refresh else new.value("username") or ""
            old = self._origins.get(handle) if new.is_refresh else self._abandoned(new, user)
            if old in self._current:
                self._current.remove(old)
            self._current.append(new)
            for token in (handle if new.is_refresh else "", brought, new.access_token):
                if isinstance(token, str) and token:
                    self._users[token], self._origins[token] = user, new
            yield Succession(new=new) if old is None else self._succession(old, new)

    def _abandoned(self, new: TokenRequest, user: str) -> TokenRequest | None:
        """Choose whose place a sign-in takes: the first that was refused, else the last that came."""
        free = [
            old
            for old in self._current
            if self._users[old.access_token or ""] == user
            and self._is_abandoned(old, new)
            # Who still waits for one token does not ask for another.
            and old.exchange.ended <= new.exchange.started
        ]
        refused = (old for old in free if self._has_failed(old, new))
        return next(refused, free[-1] if free else None)

    def _succession(self, old: TokenRequest, new: TokenRequest) -> Succession:
        later = len(self._numbers) - bisect_right(self._numbers, new.exchange.number)
        restarts = self._client.may_restart(old.exchange, new.exchange)
        return Succession(
            new=new,
            old=old,
            used=(old.access_token or "") in self._client.last_uses,
            failed=self._has_failed(old, new),
            abandoned=self._is_abandoned(old, new),
            certain=not restarts and (new.is_refresh or later >= self._workers),
        )

    def _is_abandoned(self, old: TokenRequest, new: TokenRequest) -> bool:
        return self._client.last_uses.get(old.access_token or "", 0) < new.exchange.number

    def _has_failed(self, old: TokenRequest, new: TokenRequest) -> bool:
        """Whether a call failed with the old one, or with what may be left of it, before the new one was asked for."""
        known = (self._failures.get(token, []) for token in (old.access_token or "", ""))
        return any(bisect_right(each, old.exchange.number) < bisect_right(each, new.exchange.number) for each in known)
