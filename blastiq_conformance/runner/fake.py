"""The fake of one variant: its tenant, its ports, its faults; and what happens to it while it is played."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from blastiq_conformance.runner.trust import Trust, is_vouched_for
from blastiq_conformance.runner.way import Way, Ways
from blastiq_conformance.scenarios import Scenario, Variant
from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.http.port import Identify
from fake_idp.journal import Entry, Exchange
from fake_idp.server_config import Clock, ServerConfig, ServiceUser, for_people


@contextmanager
def served_fake(
    ways: Ways,
    scenario: Scenario,
    variant: Variant,
    *,
    client_id: str,
    users: tuple[ServiceUser, ...],
    callers: int,
    on_contact: Callable[[], None],
    identify: Identify | None = None,
    allow_origins: tuple[str, ...] = (),
) -> Iterator[tuple[Way, "Traffic"]]:
    """Serve a fresh fake as the variant wants it; when the block ends, all that was under way is recorded.

    `identify` names the process behind each connection.
    """
    config = ways.config(ServerConfig(client_id=client_id, users=users, allow_origins=frozenset(allow_origins)))
    config = variant.prepare(for_people(config) if scenario.attended else config)
    idp = FakeIdp(config, clock=Clock().shifted(variant.clock_offset), faults=variant.faults, scenario=scenario.slug)
    with ExitStack() as stack:
        traffic = Traffic(idp, on_contact)
        if variant.lasts is not None:
            stack.enter_context(_ending(idp, traffic, variant.lasts))
        if variant.dies_once:
            idp.journal.subscribe(_Death(idp, callers).note)
        trust = Trust(variant)
        idp.journal.subscribe(trust.note)
        way = ways.open(
            stack,
            idp,
            fault=lambda: trust.fault,
            beside=variant.place_faults is not None,
            trusted=is_vouched_for(variant),
            identify=identify,
        )
        if variant.place_faults is not None:
            for fault in variant.place_faults(way.place):
                idp.add_fault(fault)
        yield way, traffic


# The most that a right client makes in any scenario is a few hundred.
_MOST_REQUESTS = 10_000


class Traffic:
    """When a fake was called, first and last, and how often."""

    def __init__(self, idp: FakeIdp, on_contact: Callable[[], None]) -> None:
        """Follow its journal from now on; `on_contact` is called with the first entry."""
        self.journal = idp.journal
        self._last: float | None = None
        self._requests = 0
        self.contacts = [on_contact]
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
            for contact in self.contacts:
                contact()


@contextmanager
def _ending(idp: FakeIdp, traffic: Traffic, seconds: float) -> Iterator[None]:
    """Let all faults end so many seconds after the first request."""
    timer = threading.Timer(seconds, idp.clear_faults)
    timer.daemon = True
    traffic.contacts.append(timer.start)
    try:
        yield
    finally:
        timer.cancel()


@dataclass(slots=True)
class _Death:
    """Kills every token once, after each of so many callers has called the API."""

    idp: FakeIdp
    left: int

    def note(self, entry: Entry) -> None:
        if isinstance(entry, Exchange) and entry.kind is Kind.API:
            self.left -= 1
            if self.left == 0:
                self.idp.expire_tokens()
