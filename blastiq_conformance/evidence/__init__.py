"""What a verdict rests on, and its selectors: the subjects of rules, each made once (N1, N6, N9)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter

from blastiq_conformance.evidence.api_call import ApiCall
from blastiq_conformance.evidence.canaries import Canaries
from blastiq_conformance.evidence.discovery_document import Document
from blastiq_conformance.evidence.facts import Child, Facts, WrittenFile
from blastiq_conformance.evidence.selection import Selection
from blastiq_conformance.evidence.token_request import TokenRequest
from fake_idp.classify import Kind
from fake_idp.journal import Connection, Exchange
from fake_idp.secrets.search import Secret
from fake_idp.wire import Request

__all__ = [
    "SERVED",
    "ApiCall",
    "Child",
    "Evidence",
    "Exchange",
    "Facts",
    "Kind",
    "TokenRequest",
    "WrittenFile",
    "api_calls",
    "calls_where",
    "discoveries",
    "password_grants",
    "refreshes",
    "token_requests",
    "where",
]

# Preflights and probes are never a violation by themselves: N1.
_UNJUDGED_METHODS = frozenset({"OPTIONS", "HEAD"})
# What the fake, and the product, serves to a client that signs in by itself.
SERVED = (Kind.DISCOVERY, Kind.TOKEN, Kind.API)
_BOUNDARIES = frozenset({Kind.TOKEN, Kind.API})  # a token ends an attempt, as does a call of the API without one

_UNWATCHED = Child()


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Exchanges in order of arrival, connections that carried none, what the child did, and the scenario's facts.

    `control`: the same client where nothing was odd; the oddity did not cause what shows there as well (D36).
    """

    exchanges: tuple[Exchange, ...]
    connections: tuple[Connection, ...] = ()
    child: Child | None = None
    facts: Facts = field(default_factory=Facts)
    control: "Evidence | None" = field(default=None, repr=False)

    @property
    def process(self) -> Child:
        """What the child did: nothing, where none was watched."""
        return self.child or _UNWATCHED

    @property
    def failed(self) -> bool:
        """Whether the process failed: an exit status other than 0, a signal, or work that was not done in time."""
        return self.process.exit_status not in {0, None} or (self.process.timed_out and not self.worked)

    @cached_property
    def worked(self) -> bool:
        """Whether the API answered as many calls as were asked for, whatever the process did afterwards."""
        return len(self.good_calls) >= self.facts.api_calls

    @cached_property
    def judged(self) -> tuple[Exchange, ...]:
        """Every exchange but preflights and probes (N1)."""
        return tuple(x for x in self.exchanges if x.request.method not in _UNJUDGED_METHODS)

    def of_kind(self, *kinds: Kind) -> tuple[Exchange, ...]:
        """The judged exchanges of these kinds."""
        if kinds not in self._by_kinds:
            self._by_kinds[kinds] = tuple([x for x in self.judged if x.kind in kinds])
        return self._by_kinds[kinds]

    @cached_property
    def _by_kinds(self) -> dict[tuple[Kind, ...], tuple[Exchange, ...]]:
        return {}

    @cached_property
    def timed(self) -> bool:
        """Whether the times are known: a cassette has none."""
        return any(x.ended or x.started for x in self.exchanges)

    @cached_property
    def statuses(self) -> frozenset[int]:
        """Every status of an answer; 0 where one did not come."""
        return frozenset(x.code for x in self.judged)

    @cached_property
    def token_requests(self) -> tuple[TokenRequest, ...]:
        """Every request for a token, whatever the grant, method and media type."""
        useful = {document.exchange.number: document for document in self.documents if document.token_endpoint}
        requests, document = [], None
        for exchange in self.judged:
            document = useful.get(exchange.number, document)
            if exchange.kind is Kind.TOKEN and not _is_probe(exchange.request) and not _is_unfinished(exchange):
                requests.append(TokenRequest(exchange, self.facts, document))
        return tuple(requests)

    @cached_property
    def password_grants(self) -> tuple[TokenRequest, ...]:
        """The sign-ins: every token request but refreshes and code exchanges, whatever its grant_type (D24)."""
        return tuple(x for x in self.token_requests if not x.is_refresh and not x.is_code_exchange)

    @cached_property
    def code_exchanges(self) -> tuple[TokenRequest, ...]:
        """The token requests that present an authorization code, where a person may sign in with a browser."""
        return tuple(request for request in self.token_requests if request.is_code_exchange)

    @cached_property
    def refreshes(self) -> tuple[TokenRequest, ...]:
        """The token requests that present a refresh token."""
        return tuple(request for request in self.token_requests if request.is_refresh)

    @cached_property
    def discoveries(self) -> tuple[Exchange, ...]:
        """The requests for a discovery document, at any address."""
        return self.of_kind(Kind.DISCOVERY)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """What came back for each request for a discovery document."""
        return tuple(Document(exchange) for exchange in self.discoveries)

    @cached_property
    def access_tokens(self) -> dict[str, int]:
        """Each access token that was issued, and the number of the exchange that first brought it."""
        return self._issued("access_token")

    @cached_property
    def refresh_tokens(self) -> dict[str, int]:
        """Each refresh token that was issued, and the number of the exchange that first brought it."""
        return self._issued("refresh_token")

    def _issued(self, member: str) -> dict[str, int]:
        found: dict[str, int] = {}
        for request in self.token_requests:
            if request.status == 200 and (token := request.told(member)):
                found.setdefault(token, request.exchange.number)
        return found

    @cached_property
    def granted(self) -> frozenset[int]:
        """The numbers of the exchanges that brought an access token."""
        return frozenset(x.exchange.number for x in self.token_requests if x.access_token is not None)

    @cached_property
    def canaries(self) -> Canaries:
        """The values that must turn up only where they belong."""
        tokens = [Secret("access_token", token) for token in self.access_tokens]
        tokens += [Secret("refresh_token", token) for token in self.refresh_tokens]
        return Canaries.of(self.facts, self.token_requests, tokens)

    @cached_property
    def troubled(self) -> bool:
        """Whether something failed: an answer that was an error, no answer, no token, or the process itself."""
        refused = any(request.status == 200 and not request.access_token for request in self.token_requests)
        return self.failed or refused or any(map(_is_trouble, self.judged))

    @cached_property
    def api_calls(self) -> tuple[ApiCall, ...]:
        """The calls of the API, each with every place where it carries a token."""
        return tuple(ApiCall(x, self.access_tokens, self.canaries) for x in self.judged if x.kind is Kind.API)

    @cached_property
    def good_calls(self) -> tuple[ApiCall, ...]:
        """The calls of the API that were answered with success."""
        return tuple(call for call in self.api_calls if call.accepted)

    @cached_property
    def odd_calls(self) -> tuple[ApiCall, ...]:
        """The calls of the API that need a closer look: all but plain ones."""
        return tuple(call for call in self.api_calls if not call.is_plain)

    @cached_property
    def telling(self) -> tuple[Exchange, ...]:
        """The judged exchanges but for plain calls of the API: all that may carry a secret to a wrong place."""
        odd = {call.exchange.number for call in self.odd_calls}
        return tuple(x for x in self.judged if x.kind is not Kind.API or x.number in odd)

    @cached_property
    def used_tokens(self) -> frozenset[str]:
        """The issued access tokens that a call of the API carried, in any place."""
        return frozenset(token for call in self.api_calls if (token := call.issued_token) is not None)

    @cached_property
    def attempts(self) -> tuple[tuple[TokenRequest, ...], ...]:
        """The token requests of each attempt (N6): a token or a call of the API ends one, discovery does not."""
        rows: list[list[TokenRequest]] = [[]]
        requests = {request.exchange.number: request for request in self.token_requests}
        for exchange in self.judged:
            request = requests.get(exchange.number)
            if request is not None:
                rows[-1].append(request)
            if exchange.kind in _BOUNDARIES and (request is None or request.access_token is not None):
                rows.append([])
        return tuple(tuple(row) for row in rows if row)


def _is_unfinished(exchange: Exchange) -> bool:
    """Whether its sender left before the whole body had come, so that nobody knows what it would have held (N1)."""
    missing = len(exchange.request.body) < exchange.request.headers.content_length
    return missing and exchange.response is None and not exchange.source


def _is_probe(request: Request) -> bool:
    """Whether this only looks whether the token endpoint is there, as a browser does (N1)."""
    sends_nothing = "?" not in request.target and not request.body and "authorization" not in request.headers
    return request.method == "GET" and sends_nothing


def _is_trouble(exchange: Exchange) -> bool:
    if exchange.kind is Kind.OTHER or exchange.response is None:
        return False
    return exchange.response.status >= 400 or not exchange.came_whole


def where(condition: Callable[[Evidence], object]) -> Callable[[Evidence], Sequence[Evidence]]:
    """Make the selector of the evidence itself, where a condition holds, for rules about several exchanges."""
    return lambda evidence: (evidence,) if condition(evidence) else ()


password_grants: Callable[[Evidence], Sequence[TokenRequest]] = attrgetter("password_grants")
token_requests: Callable[[Evidence], Sequence[TokenRequest]] = attrgetter("token_requests")
refreshes: Callable[[Evidence], Sequence[TokenRequest]] = attrgetter("refreshes")
discoveries: Callable[[Evidence], Sequence[Exchange]] = attrgetter("discoveries")


def calls_where(condition: Callable[[ApiCall], object]) -> Callable[[Evidence], Selection[ApiCall]]:
    """Make the selector of the calls of the API that meet a condition, as plain ones do, which need no look."""

    def select(evidence: Evidence) -> Selection[ApiCall]:
        calls = tuple(call for call in evidence.odd_calls if condition(call))
        return Selection(calls, checked=len(evidence.api_calls) - len(evidence.odd_calls) + len(calls))

    return select


api_calls = calls_where(lambda _: True)
