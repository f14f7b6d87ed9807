"""What a scenario is: one knob of the fake, turned in one or more variants, and the rules that it is there for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.server_config import ServerConfig


def rules(numbers: str) -> frozenset[str]:
    """Read rule numbers, parted by blanks."""
    return frozenset(f"BIQ{number}" for number in numbers.split())


def unchanged(config: ServerConfig) -> ServerConfig:
    """Leave the tenant as it is."""
    return config


class Need(StrEnum):
    """What a target must declare before a scenario can be played on it."""

    USERS = "users"
    CONCURRENCY = "concurrency"
    VERBOSE = "verbose"
    ATTENDED = 'flow = "attended"'
    TLS = "tls"
    INTERCEPT = "intercept"


class TlsFault(StrEnum):
    """What is wrong with the certificate, or the version, that a TLS server shows."""

    NONE = "none"
    UNTRUSTED = "untrusted"
    SELF_SIGNED = "self-signed"
    WRONG_NAME = "wrong-name"
    EXPIRED = "expired"
    FUTURE = "future"
    OLD = "old"  # TLS 1.0 and 1.1 alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and when a variant is played: its authority, the same on another origin, seconds since the epoch.

    `plain` is the authority over plain http; where there is no TLS, that is the other origin once more.
    """

    authority: str
    elsewhere: str
    now: float
    plain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way to play a scenario, each by a child process of its own against a fake of its own; times are seconds.

    `place_faults` are faults that must know where the fake is. `username` and `password` may contain CANARY; None
    stands for a fresh random value alone. `clock_offset`: how much the fake's clock is fast. `lasts`: the faults end
    so long after the first request. `dies_once`: all tokens die, once, after each caller's first call of the API.
    `waits` is how long a good client waits, beside the pauses between calls. `verbose`: the debug switch is on.
    `reloads`: the browser loads the page again to which the sign-in led.
    `tls` is what is wrong with the certificate: from the start, or once `tls_after` was answered.
    """

    name: str = ""
    prepare: Callable[[ServerConfig], ServerConfig] = unchanged
    faults: tuple[Fault, ...] = ()
    place_faults: Callable[[Place], tuple[Fault, ...]] | None = None
    username: str | None = None
    password: str | None = None
    authority_slash: bool = False
    clock_offset: float = 0.0
    lasts: float | None = None
    dies_once: bool = False
    waits: float = 0.0
    verbose: bool = False
    tls: TlsFault = TlsFault.NONE
    tls_after: Kind | None = None
    reloads: bool = False


AS_IT_IS = (Variant(),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A row of the table: `done` says what is done to the client, `rules` what the scenario is for.

    Those it must show, or they are untested; every other rule judges it where its subject occurs, but those of
    `without`, each with its reason (D37). `benign`: nothing is odd, so the client has to succeed (D38). `follow_up` is
    played as well once a variant showed a wrong credential on the wire: it tells which character. `in_turn`: the
    variants follow each other, by the same user. `silence`: a right client may send nothing at all.
    """

    slug: str
    number: str
    done: str
    rules: frozenset[str]
    api_calls: int = 1
    without: Mapping[str, str] = field(default_factory=dict)
    benign: bool = False
    variants: tuple[Variant, ...] = AS_IT_IS
    follow_up: tuple[Variant, ...] = ()
    needs: Need | None = None
    in_turn: bool = False
    silence: bool = False
    slow: bool = False

    @property
    def attended(self) -> bool:
        """Whether a person signs in: such a scenario is for attended integrations alone, all others for the rest."""
        return self.needs is Need.ATTENDED

    @property
    def seconds(self) -> float:
        """About how long a good client takes: a second between calls, and what the fake makes it wait."""
        return self.api_calls - 1 + max(variant.waits for variant in self.variants)
