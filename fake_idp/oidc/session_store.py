"""What the identity server remembers of people: who is signed in, what they allowed, which codes are out."""

import hashlib
import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from fake_idp.oidc.token_parts import to_base64url
from fake_idp.server_config import ServiceUser
from fake_idp.wire import Pair

T = TypeVar("T")

S256, PLAIN = "S256", "plain"
# RFC 7636 4.1; of a challenge too.
VERIFIER_LENGTHS = range(43, 129)
# A fake that is up for weeks forgets the oldest.
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person who signed in with a browser; `authenticated` is seconds since the epoch."""

    user: ServiceUser
    authenticated: int
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What an authorization code stands for, and what must come with it; `issued` is seconds since the epoch."""

    session: Session
    scopes: tuple[str, ...]
    redirect_uri: str
    issued: float
    challenge: str = field(default="", repr=False)
    method: str = ""
    nonce: str = field(default="", repr=False)
    state: str = field(default="", repr=False)

    def is_proved_by(self, verifier: str) -> bool:
        """Tell whether a verifier fits the challenge; one without a challenge is refused (RFC 7636 4.6)."""
        if not self.challenge or not verifier:
            return not self.challenge and not verifier
        if len(verifier) not in VERIFIER_LENGTHS:
            return False
        return hmac.compare_digest(challenge_of(verifier, self.method).encode(), self.challenge.encode())


def challenge_of(verifier: str, method: str) -> str:
    """Give the challenge of a verifier: its SHA-256 in base64url without padding, or itself (RFC 7636 4.2)."""
    if method == PLAIN:
        return verifier
    return to_base64url(hashlib.sha256(verifier.encode()).digest()).decode()


@dataclass(slots=True)
class SessionStore:
    """Sessions, consents and codes under one lock."""

    random: Callable[[int], bytes]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _sessions: dict[str, Session] = field(default_factory=dict, repr=False)
    _allowed: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _codes: dict[str, Code] = field(default_factory=dict, repr=False)
    _pushed: dict[str, tuple[float, tuple[Pair, ...]]] = field(default_factory=dict, repr=False)

    def sign_in(self, user: ServiceUser, now: float) -> str:
        """Begin a session and give the handle that goes into its cookie."""
        handle = self.random(32).hex()
        with self._lock:
            session = Session(user=user, authenticated=int(now), id=self.random(16).hex().upper())
            _keep(self._sessions, handle, session)
        return handle

    def session(self, handle: str) -> Session | None:
        """Give the session of a cookie, None where there is none."""
        with self._lock:
            return self._sessions.get(handle)

    def sign_out(self, handle: str) -> None:
        """End a session; an unknown one is not an error."""
        with self._lock:
            self._sessions.pop(handle, None)
            self._allowed.pop(handle, None)

    def allow(self, handle: str, scopes: tuple[str, ...]) -> None:
        """Remember for this session that its person allowed these scopes."""
        with self._lock:
            _keep(self._allowed, handle, self._allowed.get(handle, frozenset()) | frozenset(scopes))

    def allows(self, handle: str, scopes: tuple[str, ...]) -> bool:
        """Tell whether the person of a session has allowed all of these scopes."""
        with self._lock:
            return frozenset(scopes) <= self._allowed.get(handle, frozenset())

    def keep(self, handle: str, code: Code) -> None:
        """Store what a code stands for."""
        with self._lock:
            _keep(self._codes, handle, code)

    def take(self, handle: str) -> Code | None:
        """Give what a code stands for, once: whatever becomes of it, it is used (RFC 6749 4.1.2)."""
        with self._lock:
            return self._codes.pop(handle, None)

    def push(self, handle: str, expires: float, pairs: tuple[Pair, ...]) -> None:
        """Store an authorization request that its client has sent ahead (RFC 9126)."""
        with self._lock:
            _keep(self._pushed, handle, (expires, pairs))

    def pushed(self, handle: str, now: float) -> tuple[Pair, ...] | None:
        """Give a request that was sent ahead and is still good, as often as the browser comes back with it."""
        with self._lock:
            expires, pairs = self._pushed.get(handle, (0.0, ()))
        return pairs if now < expires else None


def _keep(held: dict[str, T], handle: str, value: T) -> None:
    held[handle] = value
    if len(held) > _REMEMBERED:
        del held[next(iter(held))]
