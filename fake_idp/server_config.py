"""The BlastIQ that is imitated: its authority, client, service users, sites, flavour, lifetimes; and the clock."""

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from fake_idp.customs import NONE, Customs

PRODUCTION_AUTHORITY = "https://www.blastiq.com/identity"
# The article names no address of the API: this one is ours.
PRODUCTION_API = "https://www.blastiq.com/api"
# What a shipped integration calls, none of which may leave the machine; the first is the authority's.
PRODUCTION_NAMES = ("www.blastiq.com", "test.blastiq.com", "api.blastiq.com", "apitest.blastiq.com")
# The sister article: so many calls in so many seconds.
ARTICLE_LIMITS = ((20, 10), (60, 60), (1200, 14_400))
# Among the intercepted names: any name, for a fake that listens on every address.
ANY_NAME = "*"


class Flavour(StrEnum):
    """The product and version whose answers are given (docs/spec/server.md)."""

    IS4 = "is4"
    IS4_V2 = "is4-v2"
    DUENDE = "duende"


class Mode(StrEnum):
    """`mimic` always answers as the product does; `reject` refuses what the article forbids."""

    MIMIC = "mimic"
    REJECT = "reject"


class TokenShape(StrEnum):
    """What an access token looks like; the API accepts all of them."""

    JWT = "jwt"
    OPAQUE = "opaque"  # 64 hex digits: a reference token, which says nothing to a client
    LARGE = "large"  # a JWT of 8 KiB
    URL_ALPHABET = "url-alphabet"  # a JWT whose payload holds - and _, which plain base64 does not know
    EXPIRED = "expired"  # a JWT whose exp lies in the past, whatever expires_in says


class RefreshPolicy(StrEnum):
    """What happens to a refresh token that was used."""

    PRODUCT = "product"  # what the flavour does by default: Duende has it used again, IdentityServer4 not
    ONE_TIME = "one-time"  # a new one is returned, the old one is dead
    REUSE = "reuse"  # the same one comes back
    KEEP = "keep"  # none is returned, the old one stays alive
    NONE = "none"  # none is ever issued


class Authorization(StrEnum):
    """How an authorization request is answered after a person has signed in and consented."""

    GRANTED = "granted"
    DENIED = "denied"  # access_denied, as if the person had declined
    OTHER_STATE = "other-state"  # the answer has a state that was not sent, as a forged one would
    NO_STATE = "no-state"
    OTHER_ISSUER = "other-issuer"  # the answer names another server as its issuer (RFC 9207)
    USED_CODE = "used-code"  # somebody else was faster: the code is used up
    OTHER_CHALLENGE = "other-challenge"  # the code belongs to somebody else's request: no verifier here fits


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceUser:
    """A Service User: it sees the data of a single site only (article A9)."""

    username: str = field(repr=False)
    password: str = field(repr=False)
    site: str = "site-1"
    locked: bool = False

    @property
    def subject(self) -> str:
        """The user's `sub`: the same in every run, without revealing the name."""
        return _subject(self.username.lower())


@lru_cache(maxsize=1024)
def _subject(username: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"blastiq:{username}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where time comes from: `wall` is seconds since the epoch, `monotonic` seconds since some start.

    `fast` is how many seconds `wall`, which the fake's answers use, is ahead of the time that the journal records.
    """

    wall: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    fast: float = 0.0

    def now(self) -> str:
        """Give the time for the journal as ISO 8601 in UTC, to the millisecond."""
        second, microsecond = divmod(round((self.wall() - self.fast) * 1_000_000), 1_000_000)
        return f"{_to_the_second(second)}.{microsecond // 1000:03}+00:00"

    def shifted(self, seconds: float) -> "Clock":
        """Give a clock that is fast by so many seconds more; it records the same time as this one."""
        wall = self.wall
        return replace(self, wall=lambda: wall() + seconds, fast=self.fast + seconds)


@lru_cache(maxsize=8)
def _to_the_second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat().removesuffix("+00:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConfig:
    """How a BlastIQ server is set up; lifetimes are seconds.

    `follow_host`: the issuer is scheme and Host as called, if that is loopback; otherwise the fixed authority.
    `intercepted` are host names that are answered under the name they were called by, like loopback; ANY_NAME is all.
    Behind a proxy that leads every name here, `refuse_others` refuses calls to any other name, and every call to one of
    `api_hosts` is one of the API, whatever its path.
    `token_path` and `token_query` move the token endpoint (scenarios endpoint-moved and endpoint-query), as
    `jwks_path` moves the key set.
    `scopes` are those that the client may have, besides offline_access, which depends on the refresh policy.
    `resource` is the API whose name stands in `aud`. `api_calls_per_token`: how many calls an access token survives.
    `issuer_slash`: the issuer ends in a slash, as the product can be configured. `identity_tokens`: the password grant
    issues an id_token too. `rate_limits`: pairs of a number of API calls and the seconds in which they are allowed.
    `allow_origins`: whose scripts may read answers, as in the client's registration, in lower case.
    `customs`: what this server has of its own beside the product.
    `attended`: people may sign in with a browser, and `authorization` says how their requests are answered.
    """

    authority: str = PRODUCTION_AUTHORITY
    api_url: str = PRODUCTION_API
    follow_host: bool = True
    issuer_slash: bool = False
    intercepted: frozenset[str] = frozenset()
    refuse_others: bool = False
    api_hosts: frozenset[str] = frozenset()
    client_id: str = "external.customer"
    scopes: tuple[str, ...] = ("cosmos",)
    resource: str = "cosmos"
    users: tuple[ServiceUser, ...] = ()
    flavour: Flavour = Flavour.IS4
    mode: Mode = Mode.MIMIC
    refresh_policy: RefreshPolicy = RefreshPolicy.PRODUCT
    access_token_lifetime: int = 3600
    refresh_token_lifetime: int = 2_592_000
    token_path: str = "/connect/token"  # noqa: S105 - below the authority
    token_query: str = ""
    jwks_path: str = "/.well-known/openid-configuration/jwks"
    api_calls_per_token: int | None = None
    rate_limits: tuple[tuple[int, int], ...] = ARTICLE_LIMITS
    allow_origins: frozenset[str] = frozenset()
    token_shape: TokenShape = TokenShape.JWT
    identity_tokens: bool = False
    attended: bool = False
    authorization: Authorization = Authorization.GRANTED
    authorization_code_lifetime: int = 300
    customs: Customs = NONE

    @property
    def base(self) -> str:
        """The path of the authority, without a trailing slash."""
        return urlsplit(self.authority).path.rstrip("/")

    @property
    def api_path(self) -> str:
        """The path of the API, without a trailing slash."""
        return urlsplit(self.api_url).path.rstrip("/")

    @property
    def renewal(self) -> RefreshPolicy:
        """What becomes of a refresh token, where it is left to the product as well (server.md 1.5)."""
        if self.refresh_policy is not RefreshPolicy.PRODUCT:
            return self.refresh_policy
        return RefreshPolicy.REUSE if self.flavour is Flavour.DUENDE else RefreshPolicy.ONE_TIME

    @property
    def offline_access(self) -> bool:
        """Whether the client may have refresh tokens at all."""
        return self.refresh_policy is not RefreshPolicy.NONE


def called_by(config: ServerConfig, names: Iterable[str]) -> ServerConfig:
    """Let a server answer to these names, under the one it was called by; those that begin with `api` are the API's."""
    known = frozenset(names)
    apis = {name for name in known if name.startswith("api")}
    return replace(config, intercepted=known, api_hosts=config.api_hosts | apis)


def for_people(config: ServerConfig) -> ServerConfig:
    """Let people sign in with a browser, and clients ask who they are."""
    return replace(config, attended=True, scopes=("openid", "profile", *config.scopes))
