"""A request beside the evidence that tells which values must not be in it."""

from collections.abc import Iterator
from typing import NamedTuple

from blastiq_conformance.canaries import Canaries
from blastiq_conformance.evidence import Evidence
from blastiq_conformance.selection import Selection
from fake_idp.classify import Kind
from fake_idp.journal import Exchange
from fake_idp.redact import Leak, Search
from fake_idp.wire import Request


class Sent(NamedTuple):
    """A judged exchange and the canaries of its evidence."""

    exchange: Exchange
    canaries: Canaries

    @property
    def request(self) -> Request:
        """The request as it stood on the wire."""
        return self.exchange.request

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The exchanges that this rests on."""
        return (self.exchange,)

    def _is_bearer(self, value: str) -> bool:
        return self.exchange.kind is Kind.API and value[:7] == "Bearer " and value[7:] in self.canaries.values

    def leaks(self, search: Search) -> Iterator[tuple[str, Leak]]:
        """Search target, headers and body; each leak comes with the place in words."""
        request = self.request
        body = request.body.decode("utf-8", "replace") if request.body else ""
        # All at once first, for most requests hold nothing; a bearer token that is where it belongs is no news.
        values = [value for _, value in request.headers.raw if not self._is_bearer(value)]
        if self.canaries.are_lacking(search, "\n".join((request.target, *values, body))):
            return
        places = [("target", request.target), *((f"header {name}", value) for name, value in request.headers)]
        for place, text in (*places, ("body", body)):
            for leak in search.find(text):
                yield place, leak


def sent(evidence: Evidence, *kinds: Kind) -> Selection[Sent]:
    """Select the judged exchanges of these kinds; plain calls of the API carry nothing but what they should."""
    canaries = evidence.canaries
    suspects = (Sent(exchange, canaries) for exchange in evidence.telling if exchange.kind in kinds)
    return Selection(suspects, checked=len(evidence.of_kind(*kinds)))
