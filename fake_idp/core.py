"""The fake as one object: route, answer, bend, record. Deterministic; no socket, thread or sleep of its own."""

import itertools
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from fake_idp.classify import Kind, classify, is_api
from fake_idp.faults import Fault
from fake_idp.journal import Exchange, Journal
from fake_idp.oidc import cors, web_server
from fake_idp.oidc.api import Api
from fake_idp.oidc.authority import Authority
from fake_idp.oidc.form import BodyTooLong, BrokenForm
from fake_idp.oidc.keys import Keys, default_keys
from fake_idp.oidc.replies import empty
from fake_idp.oidc.routes import Route, endpoints_of, routes_of, served_path
from fake_idp.server_config import Clock, ServerConfig
from fake_idp.wire import Request, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A request that has come in: number, kind, when (monotonic and wall), and the scenario and faults that hit it.

    `via` is the number of the connection that it came by, `client` whose it is.
    """

    request: Request
    number: int
    kind: Kind
    started: float
    at: str
    faults: tuple[Fault, ...] = ()
    scenario: str = ""
    via: int = 0
    client: str = ""


class FakeIdp:
    """A fake of BlastIQ's identity server and of its API, set up in one way."""

    def __init__(
        self,
        config: ServerConfig | None = None,
        *,
        clock: Clock | None = None,
        faults: Iterable[Fault] = (),
        journal: Journal | None = None,
        scenario: str = "",
        keys: Keys | None = None,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """Set it up; keys are made when first needed, and shared by the process unless given."""
        config, self.clock = config or ServerConfig(), clock or Clock()
        # An empty journal is falsy: it has a length.
        self.journal = Journal() if journal is None else journal
        self.keys = default_keys() if keys is None else keys
        self.authority = Authority(config, clock=self.clock, keys=self.keys, journal=self.journal, random=random)
        self.failures: list[Exception] = []
        self._api = Route(Api(self.clock.monotonic).answer, shared=True)
        self._connections = itertools.count(1)
        self.become(config, faults=faults, scenario=scenario)

    @property
    def ports(self) -> set[int]:
        """The ports on which a server answers for this fake: the issuer follows the Host there."""
        return self.authority.ports

    def handle(self, request: Request) -> Response:
        """Answer a request and record the exchange."""
        arrival = self.arrive(request)
        response = self.respond(arrival)
        self.record(arrival, None if response.delivery.silent else response)
        return response

    def connect(self) -> int:
        """Number a connection."""
        return next(self._connections)

    def arrive(self, request: Request, *, via: int = 0, client: str = "") -> Arrival:
        """Number a request that has come in, from that client where it is known, and say what it is for; cheap."""
        started = self.clock.monotonic()
        refuses = self._refuses(request)
        kind = self._kind(request, refuses=refuses)
        return Arrival(
            request=request,
            number=self.journal.next_number(),
            kind=kind,
            started=started,
            at=self.clock.now(),
            faults=self._hits(request, kind) if self._faults and not refuses else (),
            scenario=self.scenario,
            via=via,
            client=client,
        )

    def signs(self, arrival: Arrival) -> bool:
        """Tell whether the answer may take a signature or a new key, and so is worth another thread."""
        match arrival.kind:
            case Kind.TOKEN:
                return True
            case Kind.JWKS:
                return not self.keys.ready
            case Kind.IDENTITY:
                # The first page takes as long as a key: templates are imported and compiled for it.
                return self.config.attended
            case _:
                return False

    def respond(self, arrival: Arrival) -> Response:
        """Make the answer; any thread may. It never raises: `failures` has what went wrong with the fake itself."""
        try:
            response = self._bent(arrival) if arrival.faults else self._answer(arrival.request)
        except Exception as failure:  # noqa: BLE001 - a fault of the kit: the peer gets an answer all the same
            self.failures.append(failure)
            response = empty(500)
        if arrival.request.method.upper() == "HEAD" and response.body:
            return replace(response, body=b"")
        return response

    def record(self, arrival: Arrival, response: Response | None) -> None:
        """Append the exchange to the journal; None: the peer was gone, or nothing was to leave."""
        self.journal.append(
            Exchange(
                number=arrival.number,
                kind=arrival.kind,
                request=arrival.request,
                response=response,
                started=arrival.started,
                ended=self.clock.monotonic(),
                at=arrival.at,
                scenario=arrival.scenario,
                via=arrival.via,
                client=arrival.client,
            )
        )

    def become(
        self, config: ServerConfig, *, clock: Clock | None = None, faults: Iterable[Fault] = (), scenario: str = ""
    ) -> None:
        """Take another configuration from the next request on, with these faults alone; live tokens stay alive."""
        self.config, self.clock, self.scenario = config, clock or self.clock, scenario
        self.authority = self.authority.of(config, self.clock)
        self.endpoints = endpoints_of(config)
        self._routes = routes_of(config, self.endpoints)
        self._faults = _counted(faults)

    def expire_tokens(self) -> None:
        """Let every access token die that was issued so far."""
        self.authority.token_store.expire_tokens(self.clock.wall())

    def add_fault(self, fault: Fault) -> None:
        """Misbehave in one more way from now on; its calls are counted from here."""
        self._faults += _counted((fault,))

    def clear_faults(self) -> None:
        """Behave again."""
        self._faults = []

    def _hits(self, request: Request, kind: Kind) -> tuple[Fault, ...]:
        return tuple(
            fault
            for fault, calls in tuple(self._faults)
            if fault.aims_at(request, kind)
            for call in (next(calls),)
            if fault.calls is None or call in fault.calls
        )

    def _bent(self, arrival: Arrival) -> Response:
        replaced = any(fault.replaces for fault in arrival.faults)
        real = response = empty(200) if replaced else self._answer(arrival.request)
        for fault in arrival.faults:
            response = fault.bend(response, arrival.request)
        if arrival.kind is Kind.TOKEN and not replaced:
            old, new = (each.members.get("access_token") for each in (real, response))
            if isinstance(old, str) and isinstance(new, str) and old != new:
                self.authority.adopt(new, old)
        return response

    def _answer(self, request: Request) -> Response:
        if self._refuses(request):
            return empty(403)
        refused = web_server.refuse(request, proxied=self.config.refuse_others)
        if refused is not None:
            return refused
        route = self._route(request)
        if route is None:
            return empty(404)
        allowed = cors.allowed_origin(request, self.config) if route.shared else ""
        try:
            if allowed and (preflight := cors.answer_preflight(request, allowed)):
                return preflight
            response = route.respond(request, self.authority)
            return cors.share(response, allowed) if allowed else response
        except BodyTooLong:
            return empty(413, ("Connection", "close"))
        except BrokenForm:
            # An exception in the product ends the request before it is shared.
            return empty(500)

    def _kind(self, request: Request, *, refuses: bool) -> Kind:
        kind = classify(request, self.endpoints)
        if not refuses:
            return kind
        # A sign-in that names its client is one wherever it goes, as it is in a recording.
        client = self.config.client_id.lower()
        named = client.encode() in request.body.lower() or client in request.target.lower()
        return Kind.TOKEN if kind is Kind.TOKEN and named else Kind.OTHER

    def _refuses(self, request: Request) -> bool:
        return self.config.refuse_others and not self.authority.is_called(request)

    def _route(self, request: Request) -> Route | None:
        path = served_path(request.path)
        if (route := self._routes.get(path)) is not None:
            return route
        return self._api if is_api(path, request, self.endpoints) else None


def _counted(faults: Iterable[Fault]) -> list[tuple[Fault, Iterator[int]]]:
    return [(fault, itertools.count(1)) for fault in faults]
