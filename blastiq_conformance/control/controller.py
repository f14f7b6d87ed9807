"""One running fake: its ports, and how it is changed while it runs, as scenarios change it."""

import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from blastiq_conformance.control.scenario_selection import ScenarioSelection, select_scenario
from blastiq_conformance.runner.bending import Bending
from blastiq_conformance.scenarios import Place
from fake_idp.core import FakeIdp

if TYPE_CHECKING:
    from blastiq_conformance.proxy.certificates import Certificates
    from fake_idp.http.port import Route
    from fake_idp.http.server import Listener, Server


class Controller:
    """Opens a fake's port and changes the fake; any thread may call it but the server's own."""

    def __init__(self, idp: FakeIdp) -> None:
        """Take the fake."""
        self.idp, self._authority = idp, idp.config.authority
        self._bending = Bending(idp)
        self._opening = threading.Lock()
        self._server: Server | None = None
        self._listeners: list[Listener] = []
        self._certificates: Certificates | None = None
        self._elsewhere = ""

    def open(
        self,
        server: "Server",
        *,
        port: int = 0,
        routes: "Mapping[str, Route] | None" = None,
        certificates: "Certificates | None" = None,
    ) -> "Listener":
        """Open a port, over TLS where there are certificates; it answers when this returns.

        Raises OSError where the port cannot be had.
        """
        self._server, self._certificates = server, certificates
        tls = certificates.chooser(lambda: self._bending.tls) if certificates else None
        self._listeners.append(server.serve(self.idp, port=port, tls=tls, routes=routes))
        return self._listeners[-1]

    def called_by(self, elsewhere: str) -> None:
        """Take calls by the configured authority, through a proxy, which leads this other authority here as well."""
        self._elsewhere = elsewhere

    def start(self, slug: str, variant: str = "") -> ScenarioSelection:
        """Change the fake as a scenario does, from the next request on, in place of the scenario before.

        Tokens stay valid. Faults that need the fake's address are left out as long as it has no port. Raises ValueError
        if there is no such scenario or variant.
        """
        chosen = select_scenario(slug, variant)
        place = self._place(self._server) if chosen.variant.place_faults and self._server else None
        self._bending.become(slug, chosen.variant, place=place)
        return chosen

    def clear_faults(self) -> None:
        """End all faults, those of the scenario as well."""
        self._bending.clear_faults()

    def close(self) -> None:
        """Close every port of this fake."""
        self._bending.end()
        for listener in self._listeners:
            listener.close()

    def _place(self, server: "Server") -> Place:
        if self._elsewhere:
            plain = self._authority.replace("https://", "http://", 1)
            return Place(authority=self._authority, elsewhere=self._elsewhere, plain=plain, now=time.time())
        # A lock of its own: the loop that opens the port may hold another one while it notes what came.
        with self._opening:
            if len(self._listeners) == 1:
                tls = self._certificates.context() if self._certificates else None
                self._listeners.append(server.serve(self.idp, tls=tls))
        here, elsewhere = self._listeners
        return Place(authority=here.authority, elsewhere=elsewhere.authority, now=time.time())
