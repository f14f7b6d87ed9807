"""What the vault remembers, and for how long."""

import itertools
import tracemalloc

from fake_idp.oidc.tokens import Grant
from fake_idp.oidc.vault import Refusal, Vault
from fake_idp.tenant import ServiceUser, Tenant

USER = ServiceUser(username="u", password="p")
SCOPES = ("cosmos", "offline_access")
GRANT = Grant(
    user=USER, scopes=SCOPES, issuer="i", authenticated=0, issued=0, not_before=0, expires=3600, token_id="00"
)


def vault(remembered: int) -> Vault:
    numbers = itertools.count(1)
    return Vault(lambda size: next(numbers).to_bytes(size, "big"), remembered=remembered)


def test_the_oldest_is_forgotten_and_what_is_in_use_is_not() -> None:
    """A fake that is up for weeks stays small: of tokens and handles the newest are known, and those in use."""
    held = vault(100)
    handles = [held.keep(GRANT, Tenant(), 0.0) for _ in range(300)]
    for number in range(300):
        held.enliven(f"token {number}", GRANT)
        assert held.use("token 0", 0.0, None)
    assert held.look_up("token 0", 0.0) is held.look_up("token 299", 0.0) is GRANT
    assert held.look_up("token 1", 0.0) is None
    assert held.redeem(handles[0], Tenant(), 0.0) is Refusal.UNKNOWN
    assert held.redeem(handles[-1], Tenant(), 0.0) is not Refusal.UNKNOWN


def test_a_long_token_takes_no_more_than_a_short_one() -> None:
    """Neither tokens nor handles stand in memory as they are: of 500 sign-ins with 2 KiB each less than 1 KiB stays."""
    held = vault(1000)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(500):
            held.enliven(f"{number}".rjust(2048, "x"), GRANT)
            held.keep(GRANT, Tenant(), 0.0)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown / 500 < 1024
