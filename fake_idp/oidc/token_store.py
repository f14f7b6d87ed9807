"""Keeps refresh tokens and the access tokens that are alive, small enough for a fake that is up for weeks."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from fake_idp.oidc.session_store import keep
from fake_idp.oidc.tokens import Grant
from fake_idp.server_config import Flavour, RefreshPolicy, ServerConfig

# Refresh tokens, and as many access tokens, at 1 KiB a sign-in; older ones are forgotten.
REMEMBERED = 40_000


@dataclass(slots=True)
class _RefreshToken:
    grant: Grant
    expires: float
    used: bool = False


@dataclass(slots=True)
class _Alive:
    grant: Grant
    calls: int = 0
    used: float = 0.0  # when the last call was
    killed: float | None = None


@dataclass(slots=True)
class TokenStore:
    """Refresh tokens and living access tokens under one lock; nothing slow happens while it is held.

    Only a hash of each token is kept, of 64 bits: a token is as long as everything else about it together.
    """

    random: Callable[[int], bytes]
    remembered: int = REMEMBERED
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _refresh_tokens: dict[int, _RefreshToken] = field(default_factory=dict, repr=False)
    _alive: dict[int, _Alive] = field(default_factory=dict, repr=False)

    def keep(self, grant: Grant, config: ServerConfig, now: float) -> str:
        """Store a grant behind a new refresh token."""
        refresh_token = self.new_value(config.flavour)
        with self._lock:
            kept = _RefreshToken(grant, now + config.refresh_token_lifetime)
            keep(self._refresh_tokens, hash(refresh_token), kept, self.remembered)
        return refresh_token

    def redeem(self, refresh_token: str, config: ServerConfig, now: float) -> tuple[Grant, str | None] | None:
        """Use a refresh token: the renewed grant and the token to return, if any. Of several at once, one wins.

        None if it is unknown, used or expired; the answer on the wire is the same for all three.
        """
        fresh = self.new_value(config.flavour)
        token_id = self.random(16).hex().upper()
        with self._lock:
            found = self._refresh_tokens.get(hash(refresh_token))
            if found is None or found.used or now >= found.expires:
                return None
            found.grant = grant = _renewed(found.grant, config, int(now), token_id)
            match config.renewal:
                case RefreshPolicy.REUSE:
                    return grant, refresh_token
                case RefreshPolicy.ONE_TIME:
                    found.used = True
                    # The lifetime is absolute: it counts from the sign-in (server.md 1.5).
                    kept = _RefreshToken(grant, found.expires)
                    keep(self._refresh_tokens, hash(fresh), kept, self.remembered)
                    return grant, fresh
                case _:
                    return grant, None

    def granted(self, refresh_token: str, now: float) -> tuple[Grant, float] | None:
        """Give what a refresh token that would work stands for and when it expires, without using it."""
        with self._lock:
            found = self._refresh_tokens.get(hash(refresh_token))
            return None if found is None or found.used or now >= found.expires else (found.grant, found.expires)

    def revoke(self, refresh_token: str) -> None:
        """Forget a refresh token; an unknown one is not an error (RFC 7009 2.2)."""
        with self._lock:
            self._refresh_tokens.pop(hash(refresh_token), None)

    def enliven(self, token: str, grant: Grant) -> None:
        """Make the API accept an access token."""
        with self._lock:
            keep(self._alive, hash(token), _Alive(grant), self.remembered)

    def look_up(self, token: str, now: float, calls: int | None = None) -> Grant | None:
        """Give the grant of an access token that has not expired and has some of its `calls` left, without using it."""
        with self._lock:
            found = self._alive.get(hash(token))
            return None if found is None or _death(found, now, calls) is not None else found.grant

    def death(self, token: str, now: float, calls: int | None = None) -> float | None:
        """Give when an access token died, None if it is alive or unknown."""
        with self._lock:
            found = self._alive.get(hash(token))
            return None if found is None else _death(found, now, calls)

    def use(self, token: str, now: float, calls: int | None) -> bool:
        """Count a call of the API against the token's `calls`; false if they are used up and the token is dead."""
        with self._lock:
            digest = hash(token)
            found = self._alive.get(digest)
            if found is None or _death(found, now, calls) is not None:
                return False
            found.calls += 1
            found.used = now
            # A token in use is the last to be forgotten.
            self._alive[digest] = self._alive.pop(digest)
            return True

    def expire_tokens(self, now: float) -> None:
        """Expire every access token that was issued so far."""
        with self._lock:
            for each in self._alive.values():
                each.killed = now if each.killed is None else each.killed

    def new_value(self, flavour: Flavour) -> str:
        """Give a random value for something that is kept here or elsewhere, in the product's form."""
        # server.md 1.5: 64 hex digits, lower case before v3; Duende appends a version.
        digits = self.random(32).hex()
        if flavour is Flavour.IS4_V2:
            return digits
        return digits.upper() + ("-1" if flavour is Flavour.DUENDE else "")


def _death(token: _Alive, now: float, calls: int | None) -> float | None:
    if now >= token.grant.expires:
        return token.grant.expires
    return token.used if calls is not None and token.calls >= calls else token.killed


def _renewed(grant: Grant, config: ServerConfig, now: int, token_id: str) -> Grant:
    expires = now + config.access_token_lifetime
    if config.flavour is Flavour.DUENDE:
        return replace(grant, issued=now, not_before=now, expires=expires, token_id=token_id)
    # IdentityServer4 signs the stored token again: jti and iat repeat (server.md 1.5). Two answers within one second
    # would hold the same token, so that old and new could not be told apart: so each lives a second longer.
    return replace(grant, not_before=now, expires=max(expires, grant.expires + 1))
