"""One running fake: its ports, and how it is changed while it runs, as scenarios change it."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from blastiq_conformance.config.config_error import near
from blastiq_conformance.runner.bending import Bending
from blastiq_conformance.runner.way import named_place
from blastiq_conformance.scenarios import Need, Place, Scenario, Variant, scenarios
from fake_idp.core import FakeIdp

if TYPE_CHECKING:
    from blastiq_conformance.proxy.certificates import Certificates
    from fake_idp.http.port import Route
    from fake_idp.http.server import Listener, Server


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSelection:
    """A scenario and the variant of it that is to be run."""

    scenario: Scenario
    variant: Variant

    @property
    def beyond(self) -> str:
        """What only `blastiq run` can do of the scenario, for it concerns the client itself; empty if nothing."""
        variant, needs = self.variant, self.scenario.needs
        parts = [
            "other credentials" if variant.username is not None or variant.password is not None else "",
            "an authority that ends in a slash" if variant.authority_slash else "",
            f"what the target declares as {needs}" if needs not in {None, Need.TLS, Need.INTERCEPT} else "",
            "one run after the other" if self.scenario.in_turn else "",
        ]
        return ", ".join(part for part in parts if part)


def select_scenario(slug: str, variant: str = "") -> ScenarioSelection:
    """Find a scenario and a variant, its first unless named; raises ValueError that lists those there are."""
    known = scenarios()
    if slug not in known:
        raise ValueError(f"there is no scenario {slug!r}; known are {', '.join(known)}{near(slug, known)}")
    variants = {found.name: found for found in known[slug].variants}
    if not variant:
        return ScenarioSelection(scenario=known[slug], variant=next(iter(variants.values())))
    if variant not in variants:
        names = ", ".join(name for name in variants if name) or "none: leave it out"
        raise ValueError(f"the scenario {slug} has no variant {variant!r}; known are {names}")
    return ScenarioSelection(scenario=known[slug], variant=variants[variant])


class Controller(Bending):
    """Opens a fake's port and changes the fake; any thread may call it but the server's own."""

    def __init__(self, idp: FakeIdp) -> None:
        """Take the fake."""
        super().__init__(idp)
        self._opening = threading.Lock()
        self._server: Server | None = None
        self._listeners: list[Listener] = []
        self._certificates: Certificates | None = None
        self._proxied = False

    def open(
        self,
        server: "Server",
        *,
        port: int = 0,
        routes: "Mapping[str, Route] | None" = None,
        certificates: "Certificates | None" = None,
        proxied: bool = False,
    ) -> "Listener":
        """Open a port, over TLS where there are certificates, or a proxy's; it answers when this returns.

        Raises OSError where the port cannot be had.
        """
        self._server, self._certificates = server, certificates
        self._proxied |= proxied
        tls = certificates.chooser(lambda: self.tls) if certificates else None
        self._listeners.append(server.serve(self.idp, port=port, tls=tls, routes=routes, proxied=proxied))
        return self._listeners[-1]

    def start(self, slug: str, variant: str = "") -> ScenarioSelection:
        """Change the fake as a scenario does, from the next request on, in place of the scenario before.

        Tokens stay valid. Faults that need the fake's address are left out as long as it has no port. Raises ValueError
        if there is no such scenario or variant.
        """
        chosen = select_scenario(slug, variant)
        place = self._place(self._server) if chosen.variant.place_faults and self._server else None
        self.become(slug, chosen.variant, place=place)
        return chosen

    def close(self) -> None:
        """Close every port of this fake."""
        self.end()
        for listener in self._listeners:
            listener.close()

    def _place(self, server: "Server") -> Place:
        if self._proxied:
            return named_place(self._base)
        # A lock of its own: the loop that opens the port may hold another one while it notes what came.
        with self._opening:
            if len(self._listeners) == 1:
                tls = self._certificates.context() if self._certificates else None
                self._listeners.append(server.serve(self.idp, tls=tls))
        here, elsewhere = self._listeners
        return Place(authority=here.authority, elsewhere=elsewhere.authority, now=time.time())
