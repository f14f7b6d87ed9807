"""What is wrong with TLS while a variant is played."""

import pytest

from blastiq_conformance.runner.trust import Trust, is_vouched_for
from blastiq_conformance.scenarios import TlsFault, Variant
from fake_idp.classify import Kind
from fake_idp.journal import Connection, Exchange
from fake_idp.wire import Request

GET = Request(method="GET", target="/")


def test_nothing_is_wrong_unless_a_variant_says_so() -> None:
    """A fake over TLS shows the right certificate."""
    trust = Trust()
    trust.note(Exchange(number=1, kind=Kind.TOKEN, request=GET))
    assert trust.fault is TlsFault.NONE


def test_a_fault_may_wait_for_an_answer() -> None:
    """Connections and other exchanges change nothing."""
    trust = Trust(Variant(tls=TlsFault.EXPIRED, tls_after=Kind.TOKEN))
    trust.note(Connection(number=1))
    trust.note(Exchange(number=2, kind=Kind.DISCOVERY, request=GET))
    before = trust.fault
    trust.note(Exchange(number=3, kind=Kind.TOKEN, request=GET))
    assert (before, trust.fault) == (TlsFault.NONE, TlsFault.EXPIRED)


def test_the_next_variant_begins_anew() -> None:
    """What was wrong ends with it."""
    trust = Trust(Variant(tls=TlsFault.FUTURE))
    before = trust.fault
    trust.become(Variant())
    assert (before, trust.fault) == (TlsFault.FUTURE, TlsFault.NONE)


@pytest.mark.parametrize(
    ("variant", "vouched"),
    [
        (Variant(), True),
        (Variant(tls=TlsFault.UNTRUSTED), False),
        (Variant(tls=TlsFault.SELF_SIGNED), False),
        # What comes before is to be trusted.
        (Variant(tls=TlsFault.UNTRUSTED, tls_after=Kind.TOKEN), True),
        # The chain must hold, or the name would not be looked at.
        *((Variant(tls=fault), True) for fault in (TlsFault.WRONG_NAME, TlsFault.EXPIRED, TlsFault.FUTURE)),
    ],
)
def test_where_nobody_is_to_be_trusted_nobody_is_named(variant: Variant, *, vouched: bool) -> None:
    """A CA file would be an order to check (requests), and hide that the program has turned that off."""
    assert is_vouched_for(variant) == vouched
