"""The contract with an integration: all that it is told, by its environment only (contract.md 1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from blastiq_conformance.proxy import CA_VARIABLES
from blastiq_conformance.proxy import environment as proxied
from blastiq_conformance.runner import placeholder, tool_homes
from blastiq_conformance.runner.run_context import RunContext
from blastiq_conformance.runner.target import Home, Target
from blastiq_conformance.runner.way import origin
from blastiq_conformance.scenarios import Need, Scenario, TlsFault, Variant
from fake_idp.http.server import Listener
from fake_idp.server_config import ServiceUser

# Marks every process that a child starts, so that one that left the process group can be found.
MARKER = "BLASTIQ_RUN"

_ONLY_SOMETIMES = re.compile(r"BLASTIQ_(CONCURRENCY|CA_FILE|(USERNAME|PASSWORD)_\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The values that one child is given: its way to the fake, who signs in, and how much it is to do.

    `ca_file` holds the kit's own authority; where `environment` does not say to trust it, no variable says whom to
    trust, whoever set it.
    """

    authority: str
    token_url: str
    api_url: str
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_file: str = ""
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


def make_contract(
    context: RunContext, scenario: Scenario, variant: Variant, users: tuple[ServiceUser, ...], listener: Listener
) -> Contract:
    """Make the contract of one child, whose fake is behind this port."""
    target, certificates, idp = context.target, context.certificates, listener.idp
    authority = idp.config.authority if target.intercept else listener.authority
    here = origin(authority)
    contract = Contract(
        authority=authority + ("/" if variant.authority_slash else ""),
        token_url=here + idp.endpoints.token,
        api_url=here + idp.endpoints.api,
        client_id=target.client_id,
        username=users[0].username,
        password=users[0].password,
        api_calls=scenario.api_calls,
        concurrency=target.concurrency if scenario.needs is Need.CONCURRENCY else None,
        other_users=tuple((user.username, user.password) for user in users[1:]),
    )
    if certificates is None:
        return contract
    proxy_port = listener.port if target.intercept else None
    return replace(
        contract,
        environment=proxied.variables(certificates, proxy_port, trusted=is_vouched_for(variant)),
        ca_file=str(certificates.ca_file),
    )


def is_vouched_for(variant: Variant) -> bool:
    """Whether the child is told to trust the kit's authority: not where that signed none of the certificates it sees.

    For some libraries a variable that names a CA file switches checks on again that the program had switched off:
    requests does so with `session.verify`.
    """
    foreign = variant.tls in {TlsFault.UNTRUSTED, TlsFault.SELF_SIGNED}
    return not foreign or variant.tls_after is not None


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
    withheld = set(CA_VARIABLES) - contract.environment.keys() if contract.ca_file else set()
    return Environment({name: value for name, value in kept.items() if name not in withheld})
