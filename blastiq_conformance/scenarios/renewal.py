"""Knobs of tokens that expire early, and of what a refresh brings."""

from collections.abc import Callable
from dataclasses import replace

from blastiq_conformance.scenarios.outages import TAKES_A_WHILE
from blastiq_conformance.scenarios.scenario import Variant
from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.server_config import RefreshPolicy, ServerConfig


def _dying(policy: RefreshPolicy) -> Callable[[ServerConfig], ServerConfig]:
    # The server rejects the token early: with a short lifetime, clients that renew ahead of time would look as if they
    # never cached (N12), and a child process has a clock of its own.
    return lambda config: replace(config, refresh_policy=policy, api_calls_per_token=1)


DIES = (Variant(prepare=_dying(RefreshPolicy.ONE_TIME)),)
DIES_KEPT = (Variant(prepare=_dying(RefreshPolicy.KEEP)),)
DIES_SAME = (Variant(prepare=_dying(RefreshPolicy.REUSE)),)
DIES_WITHOUT_REFRESH = (Variant(prepare=_dying(RefreshPolicy.NONE)),)

# A fault, not the token store, so that any refresh token is refused, however often it is presented.
REFUSED = (
    Variant(
        prepare=_dying(RefreshPolicy.ONE_TIME),
        faults=(Fault(endpoint=Kind.TOKEN, grant="refresh_token", status=400, body=b'{"error":"invalid_grant"}'),),
    ),
)

# Callers with the same token meet its expiry together only where calls overlap.
DIES_UNDER_CALLERS = (Variant(dies_once=True, faults=(TAKES_A_WHILE,)),)
