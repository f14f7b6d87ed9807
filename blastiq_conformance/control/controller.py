"""One fake that is up: its port, and how it is bent, while it runs, as scenarios do."""

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from blastiq_conformance.control.scenario_selection import ScenarioSelection, select_scenario
from blastiq_conformance.runner.trust import Trust
from blastiq_conformance.scenarios import Place
from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.faults import Fault
from fake_idp.http.port import Route
from fake_idp.http.server import Listener, Server
from fake_idp.journal import Entry, Exchange
from fake_idp.server_config import ServerConfig

if TYPE_CHECKING:
    from blastiq_conformance.proxy.certificates import Certificates


class Controller:
    """Opens a fake's port and bends the fake; any thread may, but not the server's own."""

    def __init__(self, idp: FakeIdp, *, base: ServerConfig | None = None) -> None:
        """Take the fake; `base` is the tenant that scenarios bend, the fake's present one unless given."""
        self._idp, self._base, self._clock = idp, base or idp.config, idp.clock
        self._opening, self._lock = threading.Lock(), threading.Lock()
        self._server: Server | None = None
        self._listeners: list[Listener] = []
        self._selection: ScenarioSelection | None = None
        self._timer: threading.Timer | None = None
        self._trust = Trust()
        self._certificates: Certificates | None = None
        self._elsewhere = ""
        idp.journal.subscribe(self._note)
        idp.journal.subscribe(self._trust.note)

    def open(
        self,
        server: Server,
        *,
        port: int = 0,
        routes: Mapping[str, Route] | None = None,
        certificates: "Certificates | None" = None,
    ) -> Listener:
        """Open the port, over TLS where there are certificates; it answers when this returns.

        Raises:
            OSError: the port cannot be had.
        """
        self._server, self._certificates = server, certificates
        tls = certificates.chooser(lambda: self._trust.fault) if certificates else None
        self._listeners.append(server.serve(self._idp, port=port, tls=tls, routes=routes))
        return self._listeners[0]

    def called_by(self, elsewhere: str) -> None:
        """Be called by the tenant's own authority, through a proxy, which leads this other one here as well."""
        self._elsewhere = elsewhere

    def start(self, slug: str, variant: str = "") -> ScenarioSelection:
        """Bend the fake as a scenario does, from the next request on, instead of what bent it before.

        Tokens stay alive. Raises ValueError where there is no such scenario or variant.
        """
        chosen = select_scenario(slug, variant)
        told = chosen.variant
        faults = told.faults + (told.place_faults(self._place()) if told.place_faults else ())
        clock = self._clock.shifted(told.clock_offset)
        with self._lock:
            self._stop_timer()
            self._selection = chosen
            self._trust.become(told)
            self._idp.become(told.prepare(self._base), clock=clock, faults=faults, scenario=slug)
        return chosen

    def expire_tokens(self) -> None:
        """Let every access token die that was issued so far."""
        self._idp.expire_tokens()

    def add_fault(self, fault: Fault) -> None:
        """Misbehave in one more way; its calls are counted from now on."""
        self._idp.add_fault(fault)

    def clear_faults(self) -> None:
        """Misbehave no more: the faults of the scenario end as well."""
        with self._lock:
            self._stop_timer()
            self._idp.clear_faults()

    def close(self) -> None:
        """Close every port of this fake."""
        with self._lock:
            self._stop_timer()
            self._selection = None
        for listener in self._listeners:
            listener.close()

    def _place(self) -> Place:
        if self._server is None:
            raise RuntimeError("open the port first: this scenario must know where the fake is")
        if self._elsewhere:
            authority = self._base.authority
            plain = authority.replace("https://", "http://", 1)
            return Place(authority=authority, elsewhere=self._elsewhere, plain=plain, now=time.time())
        # Not under the lock of `_note`: the loop that opens the port may be waiting for that.
        with self._opening:
            if len(self._listeners) == 1:
                tls = self._certificates.context() if self._certificates else None
                self._listeners.append(self._server.serve(self._idp, tls=tls))
        here, elsewhere = self._listeners
        return Place(authority=here.authority, elsewhere=elsewhere.authority, now=time.time())

    def _note(self, entry: Entry) -> None:
        """Do what a scenario does in the course of time: once, after the first request or call of the API."""
        with self._lock:
            played = (
                self._selection.variant if self._selection and self._selection.scenario.slug == entry.scenario else None
            )
            if played is None:
                return
            if played.lasts is not None and self._timer is None:
                self._timer = threading.Timer(played.lasts, self._end_of, (self._selection,))
                self._timer.daemon = True
                self._timer.start()
            if played.dies_once and isinstance(entry, Exchange) and entry.kind is Kind.API:
                self._selection = None
                self._idp.expire_tokens()

    def _end_of(self, played: ScenarioSelection) -> None:
        with self._lock:
            if self._selection is played:
                self._selection = None
                self._idp.clear_faults()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
