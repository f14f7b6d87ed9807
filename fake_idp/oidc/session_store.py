"""What the identity server remembers of people: sessions with their consents, and codes that are not redeemed yet."""

import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple, TypeVar

from fake_idp.secrets.token_parts import s256
from fake_idp.server_config import ServiceUser
from fake_idp.wire import Pair

K = TypeVar("K")
T = TypeVar("T")

S256, PLAIN = "S256", "plain"
# RFC 7636 4.1; they hold for a challenge too.
VERIFIER_LENGTHS = range(43, 129)
PUSHED_LIFETIME = 600
# A fake that is up for weeks forgets the oldest.
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person who signed in with a browser, and the scopes `allowed` since; `authenticated` is seconds since 1970."""

    user: ServiceUser
    authenticated: int
    id: str = ""
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """An authorization request that passed every check; `max_age` is seconds.

    `provider` is to sign the person in, if one is named.
    """

    client_id: str
    redirect_uri: str
    mode: str
    scopes: tuple[str, ...]
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    challenge: str = field(repr=False)
    method: str
    prompts: frozenset[str]
    max_age: int | None
    provider: str
    login_hint: str = field(repr=False)

    def is_proved_by(self, verifier: str) -> bool:
        """Say whether a verifier fits the challenge; one without a challenge is refused (RFC 7636 4.6)."""
        if not self.challenge or not verifier:
            return not self.challenge and not verifier
        if len(verifier) not in VERIFIER_LENGTHS:
            return False
        return hmac.compare_digest(challenge_of(verifier, self.method).encode(), self.challenge.encode())


class Code(NamedTuple):
    """What an authorization code stands for: whose it is, what was asked for, seconds since the epoch."""

    session: Session
    ask: Ask
    issued: float


def challenge_of(verifier: str, method: str) -> str:
    """Give the challenge of a verifier: its SHA-256 in base64url without padding, or the verifier (RFC 7636 4.2)."""
    return verifier if method == PLAIN else s256(verifier)


@dataclass(slots=True)
class SessionStore:
    """Sessions and codes under one lock."""

    random: Callable[[int], bytes]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sessions: dict[str, Session] = field(default_factory=dict, repr=False)
    _codes: dict[str, Code] = field(default_factory=dict, repr=False)
    _pushed: dict[str, tuple[float, tuple[Pair, ...]]] = field(default_factory=dict, repr=False)

    def sign_in(self, user: ServiceUser, now: float) -> str:
        """Begin a session and give the id that goes into its cookie."""
        key = self.random(32).hex()
        with self._lock:
            session = Session(user=user, authenticated=int(now), id=self.random(16).hex().upper())
            keep(self._sessions, key, session)
        return key

    def session(self, key: str) -> Session | None:
        """Give the session of a cookie, None if it has none."""
        with self._lock:
            return self._sessions.get(key)

    def sign_out(self, key: str) -> None:
        """End a session; an unknown one is not an error."""
        with self._lock:
            self._sessions.pop(key, None)

    def allow(self, key: str, scopes: tuple[str, ...]) -> None:
        """Remember for this session that its person allowed these scopes."""
        with self._lock:
            if (session := self._sessions.get(key)) is not None:
                self._sessions[key] = replace(session, allowed=session.allowed.union(scopes))

    def keep(self, key: str, code: Code) -> None:
        """Store what a code stands for."""
        with self._lock:
            keep(self._codes, key, code)

    def take(self, key: str) -> Code | None:
        """Give what a code stands for, once: whatever happens next, it is used up (RFC 6749 4.1.2)."""
        with self._lock:
            return self._codes.pop(key, None)

    def push(self, pairs: tuple[Pair, ...], now: float) -> str:
        """Store what a browser is to bring by name alone, such as a pushed authorization request (RFC 9126)."""
        key = self.random(32).hex().upper()
        with self._lock:
            keep(self._pushed, key, (now + PUSHED_LIFETIME, pairs))
        return key

    def pushed(self, key: str, now: float) -> tuple[Pair, ...] | None:
        """Give what a name stands for unless it has expired, as often as the browser comes with it."""
        with self._lock:
            expires, pairs = self._pushed.get(key, (0.0, ()))
        return pairs if now < expires else None


def keep(held: dict[K, T], key: K, value: T, remembered: int = _REMEMBERED) -> None:
    """Put a value into a table that forgets the oldest."""
    held[key] = value
    # Many at once: looking for the first key of a table passes over the places of all deleted ones.
    if len(held) > remembered:
        for old in list(islice(held, 1 + remembered // 16)):
            del held[old]
