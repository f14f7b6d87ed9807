"""Token requests and calls of the API by client, so that none is taken for another client's (D40)."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise, takewhile
from operator import attrgetter
from typing import TypeVar

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.evidence.api_call import ApiCall
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.evidence.token_request import TokenRequest
from fake_idp.journal import Exchange
from fake_idp.lazy import kept

# Why nobody can tell, where processes are unknown.
MAY_BE_SEVERAL = "nothing shows whether this was one process, or several that each began with a token of its own"
# There is a second between two calls: what follows sooner is another try of the same call.
AT_ONCE = 0.95
_Path = tuple[str, ...]
M = TypeVar("M", TokenRequest, ApiCall)
_number = attrgetter("exchange.number")


@dataclass(frozen=True, kw_only=True)
class Client:
    """One program at work: a process, or a script with all that it starts; `name` is empty where it is not known.

    `discoveries` are the numbers of its requests for a discovery document, `concurrency` is how many callers it was
    told to have.
    """

    name: str
    token_requests: tuple[TokenRequest, ...]
    calls: tuple[ApiCall, ...]
    discoveries: tuple[int, ...] = ()
    concurrency: int = 0

    @cached_property
    def issued(self) -> dict[str, Exchange]:
        """The access tokens that it was given, each with the exchange that first brought it."""
        return {x.access_token: x.exchange for x in reversed(self.token_requests) if x.access_token is not None}

    @cached_property
    def failures(self) -> tuple[ApiCall, ...]:
        """The calls that the API did not answer with success."""
        return tuple([call for call in self.calls if not call.accepted])

    @cached_property
    def bare(self) -> tuple[ApiCall, ...]:
        """The calls that carry no token, and nothing in place of one."""
        odd = [call for call in self.calls if not call.is_plain]
        return tuple(call for call in odd if call.authorization is None and not call.tokens)

    @cached_property
    def last_uses(self) -> dict[str, int]:
        """The number of the last call with each token."""
        return {token: call.exchange.number for call in self.calls if (token := call.issued_token) is not None}

    @cached_property
    def breadth(self) -> int:
        """How many workers can be told apart: a token that is still used after others came is another worker's."""
        numbers = sorted(exchange.number for exchange in self.issued.values())
        spans = ((exchange.number, self.last_uses.get(token, 0)) for token, exchange in self.issued.items())
        return max([1, *(bisect_right(numbers, last) - bisect_left(numbers, first) for first, last in spans)])

    def may_restart(self, earlier: Exchange, later: Exchange) -> bool:
        """Whether the later request may come from another process, which looks up the token endpoint for itself.

        A request for a token without a lookup comes from a process that made one before; of a client that never looks
        the endpoint up, nobody can tell.
        """
        if self.name:
            return False
        before = bisect_left(self.discoveries, earlier.number)
        return before == 0 or bisect_left(self.discoveries, later.number) > before

    @property
    def may_be_several(self) -> bool:
        """Whether its token requests may be those of several processes."""
        exchanges = [request.exchange for request in self.token_requests]
        return any(self.may_restart(earlier, later) for earlier, later in pairwise(exchanges))

    @cached_property
    def fetches(self) -> tuple[bool, ...]:
        """For each call but the first, whether its token was fetched after the one before; () where one was refused."""
        if any(call.status == 401 and call.tokens for call in self.failures):
            return ()
        calls = [call for call in self.calls if call.is_plain or call.tokens]
        brought = [self.issued.get(call.issued_token or "") for call in calls[1:]]
        return tuple(
            new is not None and call.exchange.number < new.number for call, new in zip(calls, brought, strict=False)
        )


@kept
def clients(evidence: Evidence) -> tuple[Client, ...]:
    """Part the evidence by client, in order of appearance; computed once, like the selectors of the evidence."""
    homes = _homes(evidence)
    known = frozenset(homes.values())

    @cache
    def of_process(name: str) -> _Path:
        path = _path(name)
        # A process without a token of its own works for the script that started it.
        return next((path[:end] for end in range(len(path), 0, -1) if path[:end] in known), path)

    def home(exchange: Exchange, token: str | None) -> _Path:
        return homes.get(token or "") or of_process(exchange.client)

    requests = grouped((home(item.exchange, item.access_token), item) for item in evidence.token_requests)
    calls = grouped((home(item.exchange, item.issued_token), item) for item in evidence.api_calls)
    discoveries = grouped((of_process(item.client), item.number) for item in evidence.discoveries)
    return tuple(
        Client(
            name="/".join(path),
            token_requests=tuple(requests.get(path, ())),
            calls=tuple(calls.get(path, ())),
            discoveries=tuple(discoveries.get(path, ())),
            concurrency=evidence.facts.concurrency,
        )
        for path in dict.fromkeys((*requests, *calls))
    )


def between(made: Sequence[M], first: float, last: float) -> Sequence[M]:
    """Give those of the requests or calls, which are in order, whose numbers lie between two others."""
    return made[bisect_right(made, first, key=_number) : bisect_left(made, last, key=_number)]


def callers(exchanges: Iterable[Exchange]) -> Callable[[Exchange], str]:
    """Give the names of those who try again: processes, or scripts that start another process for each request."""
    paths = [_path(exchange.client) for exchange in exchanges]
    requests = Counter(path[:end] for path in paths for end in range(1, len(path) + 1))

    def name(exchange: Exchange) -> str:
        path = _path(exchange.client)
        while len(path) > 1 and requests[path] == 1:
            path = path[:-1]
        return "/".join(path)

    return name


def _homes(evidence: Evidence) -> dict[str, _Path]:
    """Find the home of each token in use: the common part of the paths of the processes that requested or used it."""
    homes: dict[str, _Path] = {}
    used = evidence.used_tokens
    holders = [(request.access_token, request.exchange.client) for request in evidence.token_requests]
    holders += [(call.issued_token, call.exchange.client) for call in evidence.api_calls]
    # Each holder of a token once, in the order in which they had it.
    for token, name in dict.fromkeys(holders):
        path = _path(name)
        if token is not None and token in used and path:
            pairs = takewhile(lambda pair: pair[0] == pair[1], zip(homes.get(token, path), path, strict=False))
            homes[token] = tuple(part for part, _ in pairs)
    return homes


def _path(name: str) -> _Path:
    return tuple(name.split("/")) if name else ()
