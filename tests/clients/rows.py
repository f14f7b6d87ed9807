"""Every client that the proof plays, whoever wrote it: its command, what it declares, and the verdict that is due."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from blastiq_conformance.runner.target import Target
from fake_idp.server_config import PRODUCTION_NAMES
from tests.clients.due import DUE
from tests.clients.launch import CLIENTS, command, mutant, program
from tests.clients.programs import CARELESS, FLAWED, GOOD
from tests.clients.strangers.right import RIGHT, Right
from tests.clients.strangers.right_launch import HERE
from tests.clients.strangers.right_launch import command as right_command
from tests.clients.strangers.wrong import WRONG


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One client; `perhaps` are rules that may speak or not. Numbers of rules are parted by blanks."""

    name: str
    file: str = ""  # empty for a mutant
    flaw: str = ""  # what a stranger is started with
    needs: str = ""
    errors: str = ""
    warnings: str = ""
    perhaps: str = ""
    exit_codes: frozenset[int] = frozenset()  # empty where it is not stated
    options: tuple[str, ...] = ()
    declared: Mapping[str, object] = field(default_factory=dict)  # keys of a target
    right: Right | None = None  # a right stranger, which has a launcher of its own

    @property
    def attended(self) -> bool:
        """Whether a person signs in."""
        return "--attended" in self.options

    def is_reached(self, *, secured: bool) -> bool:
        """Whether it is played in this way; of a stranger nothing is stated over TLS unless its row says so."""
        over_tls = not {"--tls", "--intercept"}.isdisjoint(self.options)
        if self.attended and over_tls:
            return secured  # it takes an https authority alone
        return not secured or over_tls or not (self.flaw or self.right)

    @property
    def files(self) -> tuple[Path, ...]:
        """What it is made of."""
        if self.right is not None:
            return tuple(sorted(path for path in (HERE / self.right.language).rglob("*") if path.is_file()))
        return (program(self.file),) if self.file else tuple(sorted((CLIENTS / "flawed" / "mutants").glob("*.py")))

    def command(self, workshop: Path) -> list[str]:
        """Give its command; what must be built is built in the workshop."""
        workshop.mkdir(parents=True, exist_ok=True)
        if self.right is not None:
            return right_command(self.right, workshop)
        words = command(self.file, self.needs.split(), workshop) if self.file else mutant(self.name)
        return [*words, *self.flaw.split()]

    def target(self, words: list[str]) -> Target:
        """Give the target that it is declared as."""
        declared = {name: tuple(value) if isinstance(value, list) else value for name, value in self.declared.items()}
        target = Target(
            command=tuple(words),
            flow="attended" if self.attended else "unattended",
            intercept=PRODUCTION_NAMES if "--intercept" in self.options else (),
        )
        return replace(target, **declared)  # type: ignore[arg-type]  # each is of the type of its key


def rows() -> Iterator[Row]:
    """Give them all."""
    for name, due in DUE.items():
        declared = {"concurrency": due.concurrency} if due.concurrency else {}
        yield Row(
            name=name,
            errors=due.errors,
            warnings=due.warnings,
            perhaps=due.perhaps,
            options=due.options,
            declared=declared,
        )
    for client in (*GOOD, *FLAWED):
        attended = ("--attended",) if client.attended else ()
        yield Row(
            name=client.file,
            file=client.file,
            needs=client.needs,
            errors=client.errors,
            warnings=client.warnings,
            perhaps=" ".join(sorted(CARELESS)) if client in FLAWED else "",
            options=(*client.options, *attended),
        )
    for stranger in WRONG:
        yield Row(
            name=stranger.name,
            file=stranger.file,
            flaw=stranger.flaw,
            needs=stranger.needs,
            errors=stranger.errors,
            warnings=stranger.warnings,
            perhaps=stranger.perhaps,
            exit_codes=stranger.exit_codes,
            options=stranger.options,
            declared={"concurrency": stranger.concurrency} if stranger.concurrency else {},
        )
    for right in RIGHT:
        yield Row(
            name=f"right/{right.name}",
            warnings=right.warnings,
            exit_codes=frozenset({right.exit_code}),
            options=right.options,
            declared=right.declared,
            right=right,
        )
