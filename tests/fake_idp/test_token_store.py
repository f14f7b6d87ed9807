"""What the token store remembers, and for how long."""

import itertools
import tracemalloc

from fake_idp.oidc.token_store import TokenStore
from fake_idp.oidc.tokens import Grant
from fake_idp.server_config import ServerConfig, ServiceUser

USER = ServiceUser(username="u", password="p")
SCOPES = ("cosmos", "offline_access")
GRANT = Grant(
    user=USER, scopes=SCOPES, issuer="i", authenticated=0, issued=0, not_before=0, expires=3600, token_id="00"
)


def token_store(remembered: int) -> TokenStore:
    numbers = itertools.count(1)
    return TokenStore(lambda size: next(numbers).to_bytes(size, "big"), remembered=remembered)


def test_the_oldest_is_forgotten_and_what_is_in_use_is_not() -> None:
    """A fake that is up for weeks stays small: of tokens and refresh tokens the newest are known, and those in use."""
    held = token_store(100)
    refresh_tokens = [held.keep(GRANT, ServerConfig(), 0.0) for _ in range(300)]
    for number in range(300):
        held.enliven(f"token {number}", GRANT)
        assert held.use("token 0", 0.0, None)
    assert held.look_up("token 0", 0.0) is held.look_up("token 299", 0.0) is GRANT
    assert held.look_up("token 1", 0.0) is None
    assert held.redeem(refresh_tokens[0], ServerConfig(), 0.0) is None
    assert held.redeem(refresh_tokens[-1], ServerConfig(), 0.0) is not None


def test_a_long_token_takes_no_more_than_a_short_one() -> None:
    """No token stands in memory as it is: of 500 sign-ins with 2 KiB each less than 1 KiB stays."""
    held = token_store(1000)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(500):
            held.enliven(f"{number}".rjust(2048, "x"), GRANT)
            held.keep(GRANT, ServerConfig(), 0.0)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown / 500 < 1024
