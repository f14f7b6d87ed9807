"""How a fake is served and changed while it runs, as the variants of scenarios change it: at once, and over time."""

import threading
import time
from collections.abc import Mapping
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from blastiq_conformance.runner.way import ELSEWHERE
from blastiq_conformance.scenarios import Place, TlsFault, Variant
from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.http.port import Identify, Route
from fake_idp.http.server import Listener, Server
from fake_idp.journal import Entry, Exchange

if TYPE_CHECKING:
    from blastiq_conformance.proxy.certificates import Certificates


class Controller:
    """Opens the ports of one fake, and changes it by one variant after the other.

    Any thread may call it but the server's own. `tls` is what is wrong with TLS now.
    """

    def __init__(self, idp: FakeIdp) -> None:
        """Take the fake; variants change its current configuration."""
        self.idp, self._base, self._clock = idp, idp.config, idp.clock
        self._lock, self._opening = threading.Lock(), threading.Lock()
        self._variant, self._callers = Variant(), 0
        # How long the variant's faults last once one was noticed, and then when they end.
        self._lasts = self._end = inf
        self.tls = TlsFault.NONE
        self._listeners: list[Listener] = []
        idp.journal.subscribe(self._note)
        idp.journal.subscribe_arrivals(self._end_in_time)

    def open(
        self,
        server: Server,
        *,
        port: int = 0,
        routes: Mapping[str, Route] | None = None,
        certificates: "Certificates | None" = None,
        identify: Identify | None = None,
        proxied: bool = False,
    ) -> Listener:
        """Open a port, over TLS where there are certificates, or a proxy's; it answers when this returns.

        `identify` names the process behind each connection. Raises OSError where the port cannot be had.
        """
        self._certificates, self._proxied = certificates, proxied
        self._serve = partial(server.serve, self.idp, identify=identify)
        tls = certificates.chooser(lambda: self.tls) if certificates else None
        listener = self._serve(port=port, tls=tls, routes=routes, proxied=proxied)
        self._listeners.append(listener)
        if self._variant.place_faults is not None:
            # Once more, now that the address is known.
            self.become(self.idp.scenario, self._variant, callers=self._callers)
        return listener

    def become(self, slug: str, variant: Variant, *, callers: int = 1) -> None:
        """Change the fake as a variant does, from the next request on, in place of the variant before.

        Tokens stay valid. Faults that need the fake's address begin once it has a port. `callers` call in parallel.
        """
        faults = variant.faults
        if variant.place_faults is not None and self._listeners:
            faults += variant.place_faults(self._place())
        clock = self._clock.shifted(variant.clock_offset)
        with self._lock:
            self._variant, self._callers = variant, callers
            self._lasts, self._end = inf if variant.lasts is None else variant.lasts, inf
            self.tls = variant.tls if variant.tls_after is None else TlsFault.NONE
            self.idp.become(variant.prepare(self._base), clock=clock, faults=faults, scenario=slug)

    def clear_faults(self) -> None:
        """End every fault, those of the variant as well."""
        with self._lock:
            self._end_faults()

    def close(self) -> None:
        """Close every port of this fake."""
        for listener in self._listeners:
            listener.close()

    def _place(self) -> Place:
        if self._proxied:
            # Names, none of them the port's.
            named = self._base.authority
            found = [named, f"https://{ELSEWHERE}{self._base.base}", named.replace("https://", "http://", 1)]
        else:
            # A lock of its own: the loop that opens a port may hold the other one while it notes what came.
            with self._opening:
                if len(self._listeners) == 1:
                    contexts = (self._certificates.context(), None) if self._certificates else (None,)
                    self._listeners += [self._serve(tls=tls) for tls in contexts]
            found = [listener.authority for listener in self._listeners]
        return Place(authority=found[0], elsewhere=found[1], plain=found[-1], now=time.time())

    def _note(self, entry: Entry) -> None:
        with self._lock:
            variant = self._variant
            if entry.scenario != self.idp.scenario:
                return
            if isinstance(entry, Exchange) and entry.kind is variant.tls_after:
                self.tls = variant.tls
            self._end = min(self._end, time.monotonic() + self._lasts)
            if variant.dies_once and isinstance(entry, Exchange) and entry.kind is Kind.API:
                self._callers -= 1
                if self._callers == 0:
                    self.idp.expire_tokens()

    def _end_in_time(self) -> None:
        with self._lock:
            if time.monotonic() >= self._end:
                self._end_faults()

    def _end_faults(self) -> None:
        self._lasts = self._end = inf
        self.idp.clear_faults()
