"""Knobs of tokens that expire early, and of what a refresh brings."""

from dataclasses import replace

from blastiq_conformance.scenarios.outages import TAKES_A_WHILE
from blastiq_conformance.scenarios.scenario import Variant, configured
from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.server_config import RefreshPolicy


def _dies(policy: RefreshPolicy) -> Variant:
    # The server rejects the token early: with a short lifetime, clients that renew ahead of time would look as if they
    # never cached (N12), and a child process has a clock of its own.
    return configured(refresh_policy=policy, api_calls_per_token=1)


DIES = (_dies(RefreshPolicy.ONE_TIME),)
DIES_KEPT = (_dies(RefreshPolicy.KEEP),)
DIES_SAME = (_dies(RefreshPolicy.REUSE),)
DIES_WITHOUT_REFRESH = (_dies(RefreshPolicy.NONE),)

# A fault, not the token store, so that any refresh token is refused, however often it is presented.
_REFUSAL = Fault(endpoint=Kind.TOKEN, grant="refresh_token", status=400, body=b'{"error":"invalid_grant"}')
REFUSED = (replace(*DIES, faults=(_REFUSAL,)),)

# Callers with the same token meet its expiry together only where calls overlap.
DIES_UNDER_CALLERS = (Variant(dies_once=True, faults=(TAKES_A_WHILE,)),)
