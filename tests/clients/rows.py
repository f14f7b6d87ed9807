"""Every client that the proof plays, whoever wrote it: its command, what it declares, and the verdict that is due."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from blastiq_conformance.runner import Target
from blastiq_conformance.runner.target import PRODUCTION_NAMES
from tests.clients.due import DUE
from tests.clients.launch import CLIENTS, command, mutant
from tests.clients.programs import FLAWED, GOOD
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
    declared: Mapping[str, int] = field(default_factory=dict)

    @property
    def attended(self) -> bool:
        """Whether a person signs in."""
        return "--attended" in self.options

    @property
    def only_over_tls(self) -> bool:
        """Whether it takes an https authority alone."""
        return self.attended and "--tls" in self.options

    @property
    def files(self) -> tuple[Path, ...]:
        """What it is made of."""
        return (CLIENTS / self.file,) if self.file else tuple(sorted((CLIENTS / "flawed" / "mutants").glob("*.py")))

    def command(self, workshop: Path) -> list[str]:
        """Give its command; what must be built is built in the workshop."""
        workshop.mkdir(parents=True, exist_ok=True)
        words = command(self.file, self.needs.split(), workshop) if self.file else mutant(self.name)
        return [*words, *self.flaw.split()]

    def target(self, words: list[str]) -> Target:
        """Give the target that it is declared as."""
        return Target(
            command=tuple(words),
            flow="attended" if self.attended else "unattended",
            intercept=PRODUCTION_NAMES if "--intercept" in self.options else (),
            concurrency=self.declared.get("concurrency"),
            users=self.declared.get("users", 1),
        )


def rows() -> Iterator[Row]:
    """Give them all."""
    for name, due in DUE.items():
        declared = {"concurrency": due.concurrency} if due.concurrency else {}
        yield Row(name=name, errors=due.errors, warnings=due.warnings, options=due.options, declared=declared)
    for client in (*GOOD, *FLAWED):
        attended = ("--attended",) if client.attended else ()
        yield Row(
            name=client.file,
            file=client.file,
            needs=client.needs,
            errors=client.errors,
            warnings=client.warnings,
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
