"""A request together with the values that must not be in it."""

from collections.abc import Iterator
from typing import NamedTuple

from blastiq_conformance.evidence import Evidence, Facts
from blastiq_conformance.evidence.canaries import Canaries
from blastiq_conformance.evidence.selection import Selection
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.secrets.search import Leak, Search
from fake_idp.wire import Request


class Sent(NamedTuple):
    """A judged exchange, and the canaries and facts of its evidence."""

    exchange: Exchange
    canaries: Canaries
    facts: Facts

    @property
    def request(self) -> Request:
        """The request as it was on the wire."""
        return self.exchange.request

    def _is_bearer(self, value: str) -> bool:
        return self.exchange.kind is Kind.API and value[:7] == "Bearer " and value[7:] in self.canaries.values

    @property
    def is_silent(self) -> bool:
        """Whether it holds no long canary except a bearer token where that belongs."""
        # A token request always holds some. For all others, one search serves all rules.
        return self.exchange.kind is not Kind.TOKEN and self.canaries.lack(self.canaries.search, self._texts())

    def _texts(self) -> list[str]:
        return [text for text in texts_of(self.request) if not self._is_bearer(text)]

    def leaks(self, search: Search) -> Iterator[tuple[str, Leak]]:
        """Search target, headers and body; each leak comes with the place in words."""
        # Everything at once first, as most requests hold nothing.
        if self.is_silent or self.canaries.lack(search, self._texts()):
            return
        places = ["target", *(f"header {name}" for name, _ in self.request.headers), "body"]
        for place, text in zip(places, texts_of(self.request), strict=True):
            for leak in search.find(text):
                yield place, leak


def texts_of(request: Request) -> list[str]:
    """Give all that a request carries: target, values of headers, body."""
    body = request.body.decode("utf-8", "replace") if request.body else ""
    return [request.target, *(value for _, value in request.headers), body]


def sent(evidence: Evidence, *kinds: Kind) -> Selection[Sent]:
    """Select the judged exchanges of these kinds; plain calls of the API carry nothing but what they should."""
    canaries = evidence.canaries
    suspects = (Sent(exchange, canaries, evidence.facts) for exchange in evidence.telling if exchange.kind in kinds)
    return Selection(suspects, checked=len(evidence.of_kind(*kinds)))
