"""The contract with an integration: all that it is told, by its environment only (contract.md 1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from blastiq_conformance.proxy import environment as proxied
from blastiq_conformance.runner import placeholder, tool_homes
from blastiq_conformance.runner.target import Home, Target
from blastiq_conformance.runner.way import Way

# Marks every process that a child starts, so that one that left the process group can be found.
MARKER = "BLASTIQ_RUN"

_ONLY_SOMETIMES = re.compile(r"BLASTIQ_(CONCURRENCY|CA_FILE|(USERNAME|PASSWORD)_\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract(Way):
    """The values that one child is given: its way to the fake, who signs in, and how much it is to do."""

    client_id: str
    username: str = field(repr=False)
    password: str = field(repr=False)
    api_calls: int
    concurrency: int | None = None
    other_users: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def placeholders(self) -> dict[str, str]:
        """The values by the names that stand in braces in a target's command and env."""
        values = {
            "authority": self.authority,
            "discovery_url": self.authority.rstrip("/") + "/.well-known/openid-configuration",
            "token_url": self.token_url,
            "username": self.username,
            "password": self.password,
            "client_id": self.client_id,
            "api_url": self.api_url,
            "api_calls": str(self.api_calls),
        }
        if self.concurrency is not None:
            values["concurrency"] = str(self.concurrency)
        for number, user in enumerate(self.other_users, start=2):
            values[f"username_{number}"], values[f"password_{number}"] = user
        if self.ca_file:
            values["ca_file"] = self.ca_file
        if "HTTPS_PROXY" in self.environment:
            values["proxy"] = self.environment["HTTPS_PROXY"]
        return values

    def fill(self, text: str) -> str:
        """Replace names in braces by their values."""
        return placeholder.fill(text, self.placeholders)


class Environment(dict[str, str]):
    """An environment that shows only the names of its variables: pytest prints the locals of a failed test."""

    def __repr__(self) -> str:
        return f"Environment({', '.join(sorted(self))})"

    def __or__(self, other: Mapping[str, str]) -> "Environment":  # type: ignore[override]  # of texts alone
        return Environment({**self, **other})


def environment(
    target: Target,
    contract: Contract,
    *,
    inherited: Mapping[str, str],
    scratch: Path,
    home: Path,
    marker: str,
) -> Environment:
    """Give the child's environment: the inherited one without proxies, its own TMPDIR and HOME, and the contract."""
    own = {f"BLASTIQ_{name.upper()}": value for name, value in contract.placeholders.items()}
    kept = {
        name: value
        for name, value in inherited.items()
        if not name.upper().endswith("_PROXY") and not _ONLY_SOMETIMES.fullmatch(name)
    }
    loopback = "127.0.0.1,localhost"
    kept |= {"NO_PROXY": loopback, "no_proxy": loopback, MARKER: marker}
    kept |= dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(scratch))
    kept |= contract.environment
    options = [given.get(proxied.JAVA_OPTIONS, "") for given in (inherited, contract.environment)]
    if target.home is Home.PRIVATE:
        kept = {name: value for name, value in kept.items() if name not in tool_homes.BASES}
        kept |= {"HOME": str(home), "USERPROFILE": str(home)} | tool_homes.kept(inherited)
        # The JVM asks the password database, not HOME.
        options.append(proxied.properties({"user.home": str(home)}))
    # Of two equal ones the last counts.
    if told := " ".join(filter(None, options)):
        kept[proxied.JAVA_OPTIONS] = told
    kept |= own
    kept |= {name: contract.fill(value) for name, value in target.env.items()}
    return Environment({name: value for name, value in kept.items() if name not in contract.withheld})
