"""The exchanges of a report: each that a finding names, once."""

from collections.abc import Sequence

from blastiq_conformance.report.account import Judgement
from blastiq_conformance.report.shape import ExchangeShape
from blastiq_conformance.secrets.cleaner import Cleaner
from fake_idp.journal import Exchange

MOST_EXCHANGES = 1_000


class Shown:
    """The exchanges of judgements that findings name, each once, at most a thousand; `cleaner` redacts."""

    def __init__(self, judgements: Sequence[Judgement], cleaner: Cleaner) -> None:
        """Start without any."""
        self.judgements, self.cleaner = judgements, cleaner
        self.models: list[ExchangeShape] = []
        self._exchanges: dict[int, dict[int, Exchange]] = {}
        self._places: dict[tuple[int, int], int] = {}

    def place(self, index: int, number: int | None) -> int | None:
        """Give the index of an exchange of a judgement among those shown; a new one is added while there is room."""
        if number is None:
            return None
        if (index, number) not in self._places:
            judgement = self.judgements[index]
            if index not in self._exchanges:
                self._exchanges[index] = {x.number: x for x in judgement.evidence.exchanges}
            exchange = self._exchanges[index].get(number)
            if exchange is None or len(self.models) >= MOST_EXCHANGES:
                return None
            self._places[index, number] = len(self.models)
            self.models.append(_exchange(exchange, judgement.scenario, self.cleaner))
        return self._places[index, number]

    def known(self, index: int, number: int) -> int | None:
        """Give the index of an exchange among those shown, None if no finding has named it."""
        return self._places.get((index, number))


def _exchange(exchange: Exchange, scenario: str, cleaner: Cleaner) -> ExchangeShape:
    request, response = exchange.request, exchange.response
    return {
        "scenario": cleaner.text(scenario),
        "exchange": exchange.number,
        "kind": str(exchange.kind),
        "source": cleaner.text(exchange.source),
        "edited": cleaner.text(exchange.edited),
        "request": {
            "method": cleaner.quoted(request.method),
            "target": cleaner.quoted(request.target),
            "headers": cleaner.headers(request.headers),
            "body": cleaner.body(request.body, request.headers),
        },
        "response": None
        if response is None
        else {
            "status": response.status,
            "headers": cleaner.headers(response.headers),
            "body": cleaner.body(response.body, response.headers),
        },
    }
