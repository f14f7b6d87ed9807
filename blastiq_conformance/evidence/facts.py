"""What is known besides the traffic: what the integration's process did, and what the scenario gave it."""

from dataclasses import dataclass, field

from fake_idp.secrets.search import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFile:
    """A file that the integration wrote or changed; `content` is bounded, `mode` is None without permissions."""

    path: str = field(repr=False)
    content: bytes = field(repr=False)
    mode: int | None = None


# Seconds between two tries, from which on a client that asks no more is held to hang.
_LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """What the integration's process did; `stopped`: the kit stopped it after a quiet time, so it has no exit status.

    `exit_status` is negative for a signal, as in subprocess, and None where the process was not seen to end.
    `last_words` are the last lines that it wrote, without secrets, where it failed though nothing was odd.
    `processes` are the argument vectors that were seen of it and of its children. `asked`: it read from its standard
    input, where nobody answers. `flood` is how many requests had come when the kit ended it for that; otherwise 0.
    `idle` is how many seconds had passed since its last request when it ran into its timeout, None where it did not.
    """

    argv: tuple[str, ...] = field(default=(), repr=False)
    exit_status: int | None = None
    stopped: bool = False
    timed_out: bool = False
    asked: bool = False
    flood: int = 0
    idle: float | None = None
    stdout: bytes = field(default=b"", repr=False)
    stderr: bytes = field(default=b"", repr=False)
    last_words: tuple[str, ...] = field(default=(), repr=False)
    processes: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    files: tuple[WrittenFile, ...] = ()

    @property
    def may_be_pausing(self) -> bool:
        """Whether it may have waited between two tries at its timeout, as its last request was not long ago."""
        return self.idle is not None and self.idle <= _LONGEST_PAUSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known besides the traffic: the scenario, and what was injected (None: unknown, in a recording).

    `benign`: nothing is odd in this scenario. `issued` are canaries: values that must turn up only where they belong.
    `api_calls` is how many calls were asked for, `concurrency` how many parallel callers the target declares (0: none).
    `other_users`: further Service Users with their passwords. `previous_password`: the one of the run before this one.
    `verbose`: the target's debug switch is on. `typed`: somebody entered the credentials by hand, perhaps with errors.
    `ready_path`: its IsReady path. `client_timeout`: how many seconds it may wait for an answer. `service`: the target
    declares that it stays up (`quiet`), so that the kit ends it. `shipped`: files that the vendor ships. `skips`:
    statuses of the API that are not failures. `torn`: where the journal, which was not written to its end, stops.
    `held_up`: for how many seconds on end the kit answered nobody, because its machine gave it no time; 0 where that
    was too short to matter.
    """

    scenario: str = ""
    variant: str = ""  # which variant of the scenario was run
    benign: bool = False
    client_id: str = "external.customer"
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    authority: str | None = None
    api_calls: int = 1
    flow: str = "unattended"
    issued: tuple[Secret, ...] = ()
    concurrency: int = 0
    other_users: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    previous_password: str | None = field(default=None, repr=False)
    verbose: bool = False
    typed: bool = False
    ready_path: str = ""
    client_timeout: float = 60.0
    service: bool = False
    shipped: tuple[WrittenFile, ...] = ()
    skips: tuple[int, ...] = ()
    torn: str = ""
    held_up: float = 0.0

    @property
    def credentials(self) -> tuple[Secret, ...]:
        """The user names and passwords that the integration was given."""
        users = ((self.username, self.password), (None, self.previous_password), *self.other_users)
        pairs = ((kind, value) for user in users for kind, value in zip(("username", "password"), user, strict=True))
        return tuple(Secret(kind, value) for kind, value in pairs if value)
