"""How to reproduce a finding: a command that does so, or none."""

import shlex
from dataclasses import dataclass, field
from typing import Literal

from blastiq_conformance.catalogue import Finding, Profile
from blastiq_conformance.evidence.facts import Facts

Way = Literal["run", "check", "test", "none"]
# These hold something else the next time: standard input, by whatever name, or a pipe of the shell.
STANDARD_INPUT = "standard input"
_PASSING = ("/dev/fd/", "/dev/std", "/proc/", STANDARD_INPUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """The words of that command that do not depend on the finding.

    `options` were given beside those that a report knows itself; `whose` name the integration, or are the environments
    that fill in a recording; `file` is the recording if findings name none. For a test, `whose` is the whole command.
    """

    way: Way = "none"
    options: tuple[str, ...] = ()
    whose: tuple[str, ...] = field(default=(), repr=False)
    file: str = ""

    def line(self, finding: Finding, facts: Facts, file: str, profile: Profile) -> str:
        """Give the line to be entered; empty if there is none."""
        words = self._words(finding, facts, file, profile)
        # A line with control characters would be shown otherwise than it must be entered.
        return shlex.join(words) if words and all(word.isprintable() for word in words) else ""

    def _words(self, finding: Finding, facts: Facts, file: str, profile: Profile) -> list[str]:
        asked = [] if profile is Profile.ARTICLE else ["--profile", str(profile)]
        asked += [] if facts.client_id == Facts().client_id else ["--client-id", facts.client_id]
        match self.way:
            case "run":
                scenario = ["--scenario", finding.scenario] if finding.scenario else []
                return ["blastiq", "run", *asked, *self.options, *scenario, "--rule", finding.rule, *self.whose]
            case "check":
                file = self.file or file
                if not file or file.startswith(_PASSING):
                    return []
                attended = ["--attended"] if facts.flow == "attended" else []
                return ["blastiq", "check", *asked, *self.options, *attended, *map(named, (file, *self.whose))]
            case "test":
                return list(self.whose)
            case "none":
                return []


def named(file: str) -> str:
    """Give a file name as an argument: one that begins with a dash would be read as an option."""
    return f"./{file}" if file.startswith("-") else file
