"""What is currently wrong with TLS in a variant: from its start, or once an exchange of some kind was answered."""

from blastiq_conformance.scenarios import TlsFault, Variant
from fake_idp.journal import Entry, Exchange


class Trust:
    """Follows a journal: `note` is its listener."""

    def __init__(self, variant: Variant | None = None) -> None:
        """Start with a variant, or with nothing wrong."""
        self.become(variant or Variant())

    def become(self, variant: Variant) -> None:
        """Switch to this variant."""
        self._variant = variant
        self.fault = variant.tls if variant.tls_after is None else TlsFault.NONE

    def note(self, entry: Entry) -> None:
        """Note an answered exchange."""
        if isinstance(entry, Exchange) and entry.kind is self._variant.tls_after:
            self.fault = self._variant.tls


def is_vouched_for(variant: Variant) -> bool:
    """Whether the child is told to trust the kit's authority: not where that signed none of the certificates it sees.

    For some libraries a variable that names a CA file switches checks on again that the program had switched off:
    requests does so with `session.verify`.
    """
    foreign = variant.tls in {TlsFault.UNTRUSTED, TlsFault.SELF_SIGNED}
    return not foreign or variant.tls_after is not None
