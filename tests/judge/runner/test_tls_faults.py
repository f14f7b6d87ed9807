"""What is wrong with TLS while a variant is run."""

import pytest

from blastiq_conformance.runner.contract import is_vouched_for
from blastiq_conformance.runner.controller import Controller
from blastiq_conformance.scenarios import TlsFault, Variant
from fake_idp.classify import Kind
from fake_idp.core import FakeIdp
from fake_idp.server_config import ServerConfig
from fake_idp.wire import Headers, Request

DISCOVERY = "/identity/.well-known/openid-configuration"
TOKEN = "/identity/connect/token"


@pytest.fixture
def controller() -> Controller:
    return Controller(FakeIdp(ServerConfig()))


def ask(controller: Controller, target: str) -> TlsFault:
    headers = Headers((("Host", "www.blastiq.com"),))
    controller.idp.handle(Request(method="GET", target=target, headers=headers))
    return controller.tls


def test_nothing_is_wrong_unless_a_variant_says_so(controller: Controller) -> None:
    """A fake over TLS shows the right certificate."""
    controller.become("s", Variant())
    assert ask(controller, TOKEN) is TlsFault.NONE


def test_a_fault_may_wait_for_an_answer(controller: Controller) -> None:
    """Other exchanges change nothing."""
    controller.become("s", Variant(tls=TlsFault.EXPIRED, tls_after=Kind.TOKEN))
    assert (ask(controller, DISCOVERY), ask(controller, TOKEN)) == (TlsFault.NONE, TlsFault.EXPIRED)


def test_the_next_variant_begins_anew(controller: Controller) -> None:
    """What was wrong ends with it."""
    controller.become("s", Variant(tls=TlsFault.FUTURE))
    before = controller.tls
    controller.become("s", Variant())
    assert (before, controller.tls) == (TlsFault.FUTURE, TlsFault.NONE)


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
