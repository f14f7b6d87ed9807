"""What the connections of one port share: the fake behind it, routes, limits, the signing thread; and how they end."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fake_idp.core import FakeIdp
from fake_idp.http.reading import ReadingProtocol
from fake_idp.http.signers import Signers
from fake_idp.journal import Connection
from fake_idp.wire import Delivery, Ending, Request, Response

Route = Callable[[Request], Response]
Address = tuple[str, int]
# Names the client behind a connection, given its two ends, the peer's first; empty if the client is unknown.
Identify = Callable[[Address, Address], str]

RECEIVED_KEPT = 4096
_ENDLESS = Delivery(chunked=True, ending=Ending.NEVER, after=1)


def named(transport: asyncio.BaseTransport, identify: Identify | None) -> str:
    """Name the client behind a connection at once, while a program that makes a single request still runs."""
    peer, here = (transport.get_extra_info(name) for name in ("peername", "sockname"))
    # A peer that has already left has no address any more.
    return identify(peer[:2], here[:2]) if identify is not None and peer and here else ""


@dataclass(frozen=True, kw_only=True)
class Stream(Response):
    """An endless answer of a route: `more` is called again and again, on the loop, for the next piece."""

    more: Callable[[], bytes] = field(default=bytes, repr=False)
    # Without a first byte, the head would announce an empty body.
    body: bytes = b"\n"
    delivery: Delivery = _ENDLESS


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds and bytes that a peer may take: `unfinished` request, `idle` between requests, `linger` after a refusal.

    Defaults are Kestrel's where it has them. `unfinished` counts from the last byte, `head_seconds` from the first.
    A longer body is cut at `body`, one byte more than the fake accepts.
    """

    unfinished: float = 30.0
    head_seconds: float = 30.0
    idle: float = 130.0
    linger: float = 2.0
    head: int = 64 * 1024
    body: int = 1024 * 1024 + 1
    discarded: int = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Port:
    """One listening port; `open` are its connections of which something is under way. Lives on the loop's thread."""

    idp: FakeIdp
    loop: asyncio.AbstractEventLoop
    signers: Signers
    routes: Mapping[str, Route] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    scheme: str = "http"
    identify: Identify | None = None
    open: set[ReadingProtocol] = field(default_factory=set)

    def route(self, request: Request) -> Route | None:
        """Find the control route for a path: the exact one, by its method or by any, else the closest `/*` above it."""
        if not self.routes:
            return None
        path, method = request.path, "GET" if request.method == "HEAD" else request.method
        exact = self.routes.get(f"{method} {path}") or self.routes.get(path)
        while exact is None and path:
            path = path.rpartition("/")[0]
            exact = self.routes.get(path + "/*")
        return exact

    def record(self, *, started: float, received: bytes, ending: str, server_name: str | None = None) -> None:
        """Journal a connection, or the rest of one, that carried no exchange."""
        if not received and self.routes and self.scheme == "http":
            # A browser that shows our live page opens spare connections: no client under test called.
            return
        journal, clock = self.idp.journal, self.idp.clock
        journal.append(
            Connection(
                number=journal.next_number(),
                started=started,
                ended=clock.monotonic(),
                at=clock.now(),
                received=received[:RECEIVED_KEPT],
                server_name=server_name,
                ending=ending,
                scenario=self.idp.scenario,
            )
        )
