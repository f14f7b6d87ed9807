"""The fake of one variant on its own ports, and how often it was called."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from blastiq_conformance.runner.contract import Contract, make_contract
from blastiq_conformance.runner.controller import Controller
from blastiq_conformance.runner.run_context import RunContext
from blastiq_conformance.runner.way import intercepted
from blastiq_conformance.scenarios import Scenario, Variant
from fake_idp.core import FakeIdp
from fake_idp.http.port import Identify
from fake_idp.journal import Entry, Exchange
from fake_idp.server_config import ServerConfig, ServiceUser, for_people


@contextmanager
def served_fake(
    context: RunContext,
    scenario: Scenario,
    variant: Variant,
    *,
    users: tuple[ServiceUser, ...],
    on_contact: Callable[[], None],
    identify: Identify,
) -> Iterator[tuple[Contract, "Traffic"]]:
    """Serve a fresh fake as the variant wants it, and give what its child is told.

    When the block ends, all pending requests are recorded. `identify` names the process behind each connection.
    """
    target, names = context.target, context.target.names
    origins = frozenset(target.allow_origins)
    config = intercepted(ServerConfig(client_id=target.client_id, users=users, allow_origins=origins), names)
    config = config if target.like is None else target.like.of(config)
    idp = FakeIdp(for_people(config) if scenario.attended else config)
    traffic = Traffic(idp, on_contact)
    with closing(Controller(idp)) as controller:
        controller.become(scenario.slug, variant, callers=target.concurrency or 1)
        listener = controller.open(
            context.server, certificates=context.certificates, identify=identify, proxied=bool(names)
        )
        yield make_contract(context, scenario, variant, users, listener), traffic


# A right client makes a few hundred at most in any scenario.
_MOST_REQUESTS = 10_000


class Traffic:
    """When a fake was last called, and how often."""

    def __init__(self, idp: FakeIdp, on_contact: Callable[[], None]) -> None:
        """Follow its journal from now on; `on_contact` is called with the first entry."""
        self.journal = idp.journal
        self._last: float | None = None
        self._requests = 0
        self._on_contact = on_contact
        self.journal.subscribe(self._note)

    def idle(self) -> float | None:
        """Seconds since the last request was answered, none while one is being answered; None before the first."""
        if self.journal.under_way:
            return 0.0
        return None if self._last is None else time.monotonic() - self._last

    def flood(self) -> int:
        """How many requests there were, once they are more than any client needs; else 0."""
        return self._requests if self._requests > _MOST_REQUESTS else 0

    def _note(self, entry: Entry) -> None:
        self._requests += isinstance(entry, Exchange)
        first, self._last = self._last is None, time.monotonic()
        if first:
            self._on_contact()
