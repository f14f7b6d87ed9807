"""The earlier exchanges that later ones rest on: the sign-in that brought their token, the document before it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from fake_idp.classify import Kind
from fake_idp.journal import Exchange


class Background:
    """Earlier exchanges, found by what later ones may need of them."""

    def __init__(self, exchanges: Iterable[Exchange] = ()) -> None:
        """Start with these exchanges."""
        self._origins: dict[str, Exchange] = {}  # of each token: what brought it
        self._uses: dict[str, Exchange] = {}  # of each refresh token: what presented it first
        self._discoveries: defaultdict[str, list[Exchange]] = defaultdict(list)
        self._latest: dict[tuple[str, str], Exchange] = {}
        self.add(exchanges)

    def add(self, exchanges: Iterable[Exchange]) -> None:
        """Add exchanges that came later."""
        for exchange in exchanges:
            scenario = exchange.scenario
            self._latest[scenario, "any"] = exchange
            if exchange.kind is Kind.DISCOVERY:
                self._discoveries[scenario].append(exchange)
            elif exchange.kind is Kind.TOKEN:
                self._latest[scenario, "token"] = exchange
                for refresh_token in _refresh_tokens(exchange):
                    self._uses.setdefault(refresh_token, exchange)
                for token in _brought(exchange):
                    self._latest[scenario, "answered"] = exchange
                    self._origins.setdefault(token, exchange)

    def behind(self, exchanges: Sequence[Exchange]) -> list[Exchange]:
        """Give the earlier exchanges that these rest on, in order.

        Some of each scenario stay, so that a verdict knows that it was run.
        """
        first = min((exchange.number for exchange in exchanges), default=0)
        tokens = {token for exchange in exchanges for token in _presented(exchange)}
        found = [known[token] for known in (self._origins, self._uses) for token in tokens if token in known]
        found += self._latest.values()
        for discoveries in self._discoveries.values():
            before = bisect_left(discoveries, first, key=lambda exchange: exchange.number)
            found += discoveries[max(before - 1, 0) : before]
        older = {exchange.number: exchange for exchange in found if exchange.number < first}
        return [older[number] for number in sorted(older)]


def _brought(exchange: Exchange) -> Iterator[str]:
    if exchange.response is not None and exchange.response.status == 200:
        for name in ("access_token", "refresh_token"):
            if isinstance(token := exchange.response.members.get(name), str):
                yield token


def _presented(exchange: Exchange) -> Iterator[str]:
    if header := exchange.request.headers.get("authorization"):
        yield header.rpartition(" ")[2]
    yield from _refresh_tokens(exchange)


def _refresh_tokens(exchange: Exchange) -> Iterator[str]:
    if exchange.kind is Kind.TOKEN:
        yield from (pair.value for pair in exchange.request.form if pair.name == "refresh_token")
