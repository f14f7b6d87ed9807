"""What a vendor declares about an integration: how it is started and fed, and what it can do."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from blastiq_conformance.scenarios import Need
from fake_idp.likeness import Likeness


class Home(StrEnum):
    """Which HOME the child sees: an empty one, which shows what it keeps there, or its user's own (D46)."""

    PRIVATE = "private"
    INHERIT = "inherit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An integration; times are seconds. `command` and `env` may hold placeholders such as `{username}`.

    `timeout` ends a child's whole process tree. `client_timeout` is how long the integration itself may wait for an
    answer. `quiet`: a service that stays up is stopped after so long without traffic. `concurrency` and `users` are
    how many parallel callers and Service Users one process can be given. `verbose` is its debug switch: arguments that
    are appended, or environment variables. `tls`: judged over TLS. `intercept`: over TLS and by these host names, which
    a proxy leads to the fake; the first is the authority's. `skips`: statuses of the API that it skips by design.
    `allow_origins`: the origins of its pages that may read answers. `version` is its own, for the statement. `like`:
    how its authority is set up.
    """

    command: tuple[str, ...] = field(repr=False)
    name: str = "default"
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    cwd: Path | None = None
    client_id: str = "external.customer"
    timeout: float = 120.0
    client_timeout: float = 60.0
    quiet: float | None = None
    home: Home = Home.PRIVATE
    flow: str = "unattended"
    concurrency: int | None = None
    users: int = 1
    verbose: tuple[str, ...] | Mapping[str, str] = field(default=(), repr=False)
    ready_path: str | None = None
    tls: bool = False
    intercept: tuple[str, ...] = ()
    skips: tuple[int, ...] = ()
    allow_origins: tuple[str, ...] = ()
    version: str = ""
    like: Likeness | None = None

    @property
    def secured(self) -> bool:
        """Whether it is judged over TLS."""
        return self.tls or bool(self.intercept)

    @property
    def names(self) -> tuple[str, ...]:
        """The host names by which it calls the fake, as they are sent and certified."""
        return tuple(name.lower() for name in self.intercept)

    @property
    def attended(self) -> bool:
        """Whether a person signs in with a browser."""
        return self.flow == "attended"

    @property
    def at_length(self) -> "Target":
        """The same with its debug switch on."""
        if isinstance(self.verbose, tuple):
            return replace(self, command=self.command + self.verbose)
        return replace(self, env={**self.env, **self.verbose})

    def lack(self, need: Need | None) -> str:
        """Say what the target does not declare that a scenario needs; empty where it can be run."""
        if self.attended and need is not Need.ATTENDED:
            # All other scenarios are about the password grant.
            return "for integrations that sign in by themselves; here a person does"
        declared = {
            None: True,
            Need.USERS: self.users > 1,
            Need.CONCURRENCY: self.concurrency,
            Need.VERBOSE: self.verbose,
            Need.ATTENDED: self.attended,
            Need.TLS: self.secured,
            Need.INTERCEPT: self.intercept,
        }
        if declared[need]:
            return ""
        return f"needs --{need}" if need in {Need.TLS, Need.INTERCEPT} else f"needs {need} in blastiq.toml"
