"""How a scenario's variant changes a fake: at once, and over time."""

import threading

from blastiq_conformance.scenarios import Place, TlsFault, Variant
from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.journal import Entry, Exchange


class Bending:
    """Changes one fake, by one variant after the other; any thread may call it. `tls` is what is wrong with TLS now."""

    def __init__(self, idp: FakeIdp) -> None:
        """Take the fake; variants change its current configuration."""
        self.idp, self._base, self._clock = idp, idp.config, idp.clock
        self._lock = threading.Lock()
        self._variant: Variant | None = None
        self._slug, self._callers = "", 0
        self._timer: threading.Timer | None = None
        self.tls = TlsFault.NONE
        idp.journal.subscribe(self._note)

    def become(self, slug: str, variant: Variant, *, place: Place | None = None, callers: int = 1) -> None:
        """Change it as a variant does, from the next request on, in place of the variant before; tokens stay valid.

        `place` is for faults that need the fake's address. `callers` call in parallel.
        """
        faults = variant.faults + (variant.place_faults(place) if place and variant.place_faults else ())
        clock = self._clock.shifted(variant.clock_offset)
        with self._lock:
            self._stop_timer()
            self._variant, self._slug, self._callers = variant, slug, callers
            self.tls = variant.tls if variant.tls_after is None else TlsFault.NONE
            self.idp.become(variant.prepare(self._base), clock=clock, faults=faults, scenario=slug)

    def clear_faults(self) -> None:
        """End every fault, those of the variant as well."""
        with self._lock:
            self._stop_timer()
            self.idp.clear_faults()

    def end(self) -> None:
        """Cancel what would still happen over time."""
        with self._lock:
            self._stop_timer()
            self._variant = None

    def _note(self, entry: Entry) -> None:
        with self._lock:
            variant = self._variant
            if variant is None or entry.scenario != self._slug:
                return
            if isinstance(entry, Exchange) and entry.kind is variant.tls_after:
                self.tls = variant.tls
            if variant.lasts is not None and self._timer is None:
                self._timer = threading.Timer(variant.lasts, self._outlast, (variant,))
                self._timer.daemon = True
                self._timer.start()
            if variant.dies_once and isinstance(entry, Exchange) and entry.kind is Kind.API:
                self._callers -= 1
                if self._callers == 0:
                    self.idp.expire_tokens()

    def _outlast(self, variant: Variant) -> None:
        with self._lock:
            if self._variant is variant:
                self._variant = None
                self.idp.clear_faults()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def is_vouched_for(variant: Variant) -> bool:
    """Whether the child is told to trust the kit's authority: not where that signed none of the certificates it sees.

    For some libraries a variable that names a CA file switches checks on again that the program had switched off:
    requests does so with `session.verify`.
    """
    foreign = variant.tls in {TlsFault.UNTRUSTED, TlsFault.SELF_SIGNED}
    return not foreign or variant.tls_after is not None
