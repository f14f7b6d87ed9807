"""What a scenario is: one knob of the fake, turned in one or more variants, and the rules that it is for."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from enum import StrEnum
from typing import Any

from fake_idp.classify import Kind
from fake_idp.faults import Fault
from fake_idp.server_config import ServerConfig
from fake_idp.wire import Json


def rules(numbers: str) -> frozenset[str]:
    """Read rule numbers, separated by blanks."""
    return frozenset(f"BIQ{number}" for number in numbers.split())


class Need(StrEnum):
    """What a target must declare before a scenario can be run on it."""

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
    OLD = "old"  # TLS 1.0 and 1.1 only


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and when a variant is run: its authority, the same on another origin, seconds since the epoch.

    `plain` is the authority over plain http; without TLS, faults use the other origin in its place.
    """

    authority: str
    elsewhere: str
    now: float
    plain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way to run a scenario, each with its own child process and its own fake; times are seconds.

    `place_faults` are faults that need the address of the fake. `username` and `password` may contain CANARY; None
    stands for a fresh random value. `clock_offset`: how far the fake's clock is ahead. `lasts`: when the faults end,
    after the first request. `dies_once`: all tokens expire, once, after each caller's first call of the API. `waits` is
    how long a right client waits, apart from the pauses between calls. `verbose`: the debug switch is on. `reloads`:
    the browser reloads the page to which the sign-in led. `tls` is what is wrong with the certificate: from the start,
    or once `tls_after` was answered.
    """

    name: str = ""
    prepare: Callable[[ServerConfig], ServerConfig] = lambda config: config
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
# How long a client waits that retries twice, after one second and after two.
RETRYING = 3.0
# What no client knows, in every type of JSON.
UNKNOWN_MEMBERS: Mapping[str, Json] = {
    "x_text": "text",  # ASCII: escapes are json-variety's
    "x_number": -1.5,
    "x_null": None,
    "x_list": [1, "two", None],
    "x_nested": {"deeper": {"still": [True]}},
}


def configured(name: str = "", **changes: Any) -> Variant:
    """Make the variant of a server whose configuration is changed."""
    return Variant(name=name, prepare=lambda config: replace(config, **changes))


def faulty(name: str, fault: Fault, waits: float = 0.0) -> Variant:
    """Make the variant of one fault."""
    return Variant(name=name, faults=(fault,), waits=waits)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A row of the table: `done` says what is done to the client, `rules` which rules the scenario is for.

    Those that it does not show are untested; every other rule judges it where its subject occurs, except those in
    `without`, each with its reason (D37). `benign`: nothing is odd, so the client has to succeed (D38). `follow_up` is
    run as well once a variant showed a wrong credential on the wire: it tells which character is to blame. `in_turn`:
    the variants follow each other, by the same user. `silence`: a right client may send nothing at all.
    """

    slug: str
    number: str
    done: str
    variants: tuple[Variant, ...] = AS_IT_IS
    _: KW_ONLY
    rules: frozenset[str]
    api_calls: int = 1
    without: Mapping[str, str] = field(default_factory=dict)
    benign: bool = False
    follow_up: tuple[Variant, ...] = ()
    needs: Need | None = None
    in_turn: bool = False
    silence: bool = False
    slow: bool = False

    @property
    def attended(self) -> bool:
        """Whether a person signs in: such scenarios are for attended integrations only, all others for the rest."""
        return self.needs is Need.ATTENDED

    @property
    def seconds(self) -> float:
        """About how long a right client takes: a second between calls, and the time that the fake makes it wait."""
        return self.api_calls - 1 + max(variant.waits for variant in self.variants)
