"""A program that the kit has never seen, and what a whole run must say of it: stated before it ran."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """One flaw of a program, named as its one argument; the whole run is every scenario, the slow ones too."""

    file: str
    flaw: str
    origin: str  # the library or the public code that does so; "ours" where nobody is known to
    needs: str = ""  # as `launch.command` wants it
    errors: str = ""  # by number: these speak as errors, and no other
    warnings: str = ""
    perhaps: str = ""  # the sources leave open whether these speak as well
    ends: str = ""  # the exit codes, where they are not what errors make of them
    options: tuple[str, ...] = ()  # of the run, besides `--slow`
    concurrency: int = 0  # what the target declares

    @property
    def name(self) -> str:
        """Give the name by which a list shows it, such as `rb:put`."""
        return f"{self.file.rpartition('.')[2]}:{self.flaw}"

    @property
    def exit_codes(self) -> frozenset[int]:
        """Give the codes with which the run may end, as long as nothing of `perhaps` speaks."""
        return frozenset(map(int, self.ends.split())) or frozenset({1 if self.errors else 0})
