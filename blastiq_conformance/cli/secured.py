"""TLS for `serve`: certificates, the proxy for production names, and a file that sets a shell up for both."""

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from blastiq_conformance.control.selection import ScenarioSelection, select_scenario
from blastiq_conformance.runner.controller import Controller
from blastiq_conformance.scenarios import Need
from fake_idp.http.server import Listener, Server

if TYPE_CHECKING:
    from blastiq_conformance.proxy.certificates import Certificates


@dataclass(frozen=True, slots=True, kw_only=True)
class Secured:
    """What programs must know to find the fake and trust it; `authority` is the address to give them."""

    authority: str
    environment: dict[str, str]
    file: Path

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines for a person at a terminal."""
        proxy = self.environment.get("HTTPS_PROXY")
        by_name = (f"  {self.authority}   through the proxy {proxy}",) if proxy else ()
        return (
            "It speaks TLS. Where the program is started, for whom to trust" + (" and which proxy:" if proxy else ":"),
            *by_name,
            f"  . {shlex.quote(str(self.file))}",
            f"  {self.environment['SSL_CERT_FILE']}   is the authority alone",
            "",
        )

    @property
    def members(self) -> dict[str, str]:
        """What the ready file says in addition."""
        told = {"ca_file": self.environment["SSL_CERT_FILE"], "environment_file": str(self.file)}
        return told | ({"proxy": self.environment["HTTPS_PROXY"]} if "HTTPS_PROXY" in self.environment else {})


def selected(slug: str | None, met: frozenset[Need]) -> ScenarioSelection | None:
    """Find the scenario, if one is named; raises UsageError where it needs TLS, or production names, and lacks them."""
    if slug is None:
        return None
    try:
        bent = select_scenario(slug)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    needs = bent.scenario.needs
    if needs in {Need.TLS, Need.INTERCEPT} - met:
        raise click.UsageError(f"this scenario needs --intercept{', or --tls' if needs is Need.TLS else ''}")
    return bent


def kinds(*, tls: bool, intercept: bool) -> frozenset[Need]:
    """Give which needs of scenarios the connection meets."""
    return frozenset({Need.TLS, Need.INTERCEPT} if intercept else {Need.TLS} if tls else ())


def secure(
    certificates: "Certificates", server: Server, controller: Controller, listener: Listener, *, by_name: bool
) -> Secured:
    """Open the proxy, if the fake is called by production names, and write the file for a shell."""
    from blastiq_conformance.proxy.environment import variables

    idp, port = listener.idp, None
    if by_name:
        # A port of its own: by a production name, nothing may answer that BlastIQ does not have, such as the page.
        port = controller.open(server, certificates=certificates, proxied=True).port
    environment = variables(certificates, port)
    file = certificates.ca_file.with_name("environment")
    file.write_text("".join(f"export {name}={shlex.quote(value)}\n" for name, value in environment.items()))
    return Secured(
        authority=idp.config.authority if by_name else listener.authority, environment=environment, file=file
    )
