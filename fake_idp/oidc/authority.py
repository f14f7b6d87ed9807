"""The identity server as its endpoints see it: configuration, keys, stores, clock, users, and the issuer rule."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlsplit

from fake_idp.journal import Journal
from fake_idp.oidc.keys import Keys
from fake_idp.oidc.session_store import SessionStore
from fake_idp.oidc.token_store import TokenStore
from fake_idp.oidc.tokens import Grant, access_token
from fake_idp.secrets.search import Secret
from fake_idp.server_config import ANY_NAME, Clock, ServerConfig, ServiceUser
from fake_idp.system.loopback import is_loopback
from fake_idp.wire import Request, Response

DEFAULT_PORTS = {"http": 80, "https": 443}


class Authority:
    """One configured server at work; `ports` are those on which it answers."""

    def __init__(
        self, config: ServerConfig, *, clock: Clock, keys: Keys, journal: Journal, random: Callable[[int], bytes]
    ) -> None:
        """Put the parts together; compute nothing before a request needs it."""
        self.config = config
        self.clock = clock
        self.keys = keys
        self.journal = journal
        self.random = random
        self.token_store = TokenStore(random)
        self.session_store = SessionStore(random)
        self.ports: set[int] = set()
        ending = "/" if config.issuer_slash else ""
        self.fixed_issuer = config.authority.rstrip("/").lower() + ending
        self._tail = config.base.lower() + ending
        # Names are compared without case, as in IdentityServer's user stores.
        self._users = {user.username.lower(): user for user in config.users}
        self.documents: dict[tuple[str, str], Response] = {}

    def of(self, config: ServerConfig, clock: Clock) -> "Authority":
        """Give the authority of another configuration with the same keys, ports and live tokens."""
        other = Authority(config, clock=clock, keys=self.keys, journal=self.journal, random=self.random)
        other.token_store, other.session_store, other.ports = self.token_store, self.session_store, self.ports
        return other

    def find_user(self, username: str) -> ServiceUser | None:
        """Find a Service User that may sign in; None if it is unknown or locked."""
        user = self._users.get(username.lower())
        return None if user is None or user.locked else user

    def issuer(self, request: Request) -> str:
        """Give the issuer: scheme and Host as called if that is ours, else the fixed authority; in lower case."""
        return request.origin.lower() + self._tail if self.is_called(request) else self.fixed_issuer

    def base(self, request: Request) -> str:
        """Give the address below which the endpoints stand: spelled as it was called, if that is ours.

        The product builds it from scheme, Host and path of the request, whatever issuer is configured.
        """
        length = len(self.config.base)
        if not self.is_called(request) or request.path[:length].lower() != self.config.base.lower():
            return self.fixed_issuer.rstrip("/")
        return request.origin + request.path[:length]

    def is_called(self, request: Request) -> bool:
        """Say whether a request was meant for this authority, or its API, by the name that it called."""
        return self._is_ours(request.origin.lower())

    def is_own(self, issuer: str) -> bool:
        """Say whether an issuer is this authority under one of its names."""
        own = issuer.endswith(self._tail) and self._is_ours(issuer.removesuffix(self._tail))
        return own or issuer == self.fixed_issuer

    def _is_ours(self, origin: str) -> bool:
        if not self.config.follow_host:
            return False
        called, known = _read_origin(origin), self.config.intercepted
        if called is None:
            return False
        host, port, stays = called
        return host in known or ANY_NAME in known or (stays and port in self.ports)

    def sign(self, grant: Grant) -> str:
        """Sign an access token, let the API accept it, and remember it as issued."""
        token = access_token(grant, self.config, self.keys.current)
        self.token_store.enliven(token, grant)
        self.journal.issue(Secret("access_token", token))
        return token

    def adopt(self, token: str, real: str) -> None:
        """Let the API accept a token with which a fault replaced a real one."""
        grant = self.token_store.look_up(real, self.clock.wall())
        if grant is not None:
            self.token_store.enliven(token, grant)
            self.journal.issue(Secret("access_token", token))


# Peers call by few names, over and over.
@lru_cache(maxsize=256)
def _read_origin(origin: str) -> tuple[str, int | None, bool] | None:
    """Give host and port, and whether the host is this machine; None if it is no address."""
    try:
        parts = urlsplit(origin)
        host, port = parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    return host, port, is_loopback(host)
