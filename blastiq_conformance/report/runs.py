"""The data of the sequence diagrams: the requests of the plainest scenario run, and of each with a finding."""

from collections.abc import Iterable, Iterator, Sequence

from blastiq_conformance.report.account import Judgement
from blastiq_conformance.report.exchanges import MOST_EXCHANGES, Shown
from blastiq_conformance.report.shape import FieldShape, RunShape, SentShape, SignInShape, VolatileShape
from blastiq_conformance.secrets.cleaner import Cleaner
from fake_idp.journal import Exchange
from fake_idp.wire import Ending


def _plainest(judgements: Sequence[Judgement]) -> int | None:
    """Give the index of the shortest run with a token request, preferably one in which nothing is odd."""
    asked = [
        (not judgement.evidence.facts.benign, judgement.evidence.facts.api_calls, index)
        for index, judgement in enumerate(judgements)
        if judgement.evidence.token_requests
    ]
    return min(asked)[-1] if asked else None


def sign_in(shown: Shown) -> SignInShape | None:
    """Give the first token request of the plainest run, field by field; its exchange is added to `shown`."""
    if (index := _plainest(shown.judgements)) is None:
        return None
    request = shown.judgements[index].evidence.token_requests[0]
    place = shown.place(index, request.exchange.number)
    # As findings quote it: the name before a value says whether it is secret.
    quoted = ((shown.cleaner.quoted(field.text).partition("="), field.place) for field in request.fields)
    fields: list[FieldShape] = [{"name": x, "value": value, "place": str(place)} for (x, _, value), place in quoted]
    return None if place is None else {"shown": place, "fields": fields}


def chosen(shown: Shown) -> Iterator[RunShape]:
    """Give the plainest run, then each with a finding."""
    first = _plainest(shown.judgements)
    found = [index for index, each in enumerate(shown.judgements) if any(x.findings for x in each.results)]
    return (_run(index, shown) for index in dict.fromkeys(([] if first is None else [first]) + found))


def volatile(times: Iterable[str], drawn: Iterable[RunShape]) -> VolatileShape:
    """Give the one block that differs between two runs: when requests came, and on which connection."""
    ordered = sorted(times)
    block: VolatileShape = {"first": ordered[0], "last": ordered[-1]} if ordered else {}
    if kept := list(_bounded(drawn)):
        block["plays"] = kept
    return block


def _bounded(given: Iterable[RunShape]) -> Iterator[RunShape]:
    """Give runs until they have as many exchanges as a report may show."""
    room = MOST_EXCHANGES
    for scenario_run in given:
        if room <= 0:
            return
        yield {**scenario_run, "exchanges": scenario_run["exchanges"][:room]}
        room -= len(scenario_run["exchanges"])


def _run(index: int, shown: Shown) -> RunShape:
    judgement, cleaner = shown.judgements[index], shown.cleaner
    evidence = judgement.evidence
    began = min((x.started for x in evidence.exchanges), default=0.0)
    return {
        "scenario": cleaner.text(judgement.scenario),
        "variant": cleaner.text(evidence.facts.variant),
        "oddity": judgement.oddity,
        "odd": _odd_exchange(judgement),
        "timed": evidence.timed,
        "exchanges": [
            _sent(x, began, shown.known(index, x.number), cleaner) for x in evidence.exchanges[:MOST_EXCHANGES]
        ],
    }


def _odd_exchange(judgement: Judgement) -> int | None:
    """Give the number of the first exchange that met the oddity, preferably one that went wrong."""
    met = [x for x in judgement.evidence.exchanges if x.kind is judgement.odd_in]
    return min(met, key=lambda x: x.code < 400 and x.came_whole).number if met else None


def _sent(exchange: Exchange, began: float, place: int | None, cleaner: Cleaner) -> SentShape:
    response = exchange.response
    return {
        "exchange": exchange.number,
        "shown": place,
        "kind": str(exchange.kind),
        "method": cleaner.quoted(exchange.request.method),
        "target": cleaner.quoted(exchange.request.target),
        "status": None if response is None else response.status,
        "ending": str(Ending.NEVER if response is None else response.delivery.ending),
        "connection": exchange.via,
        "start": _milliseconds(exchange.started - began),
        "end": _milliseconds(max(exchange.ended, exchange.started) - began),
    }


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1_000))
