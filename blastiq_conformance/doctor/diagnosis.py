"""All the checks, in the order in which a reader wants them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from blastiq_conformance.doctor.check import Check, Machine, Status
from blastiq_conformance.doctor.clock import check_clock
from blastiq_conformance.doctor.files import check_certificates, check_config, check_temporary
from blastiq_conformance.doctor.loopback import check_localhost, check_port, check_proxies


def diagnose(
    command: Sequence[str], environment: Mapping[str, str], machine: Machine | None = None
) -> tuple[Check, ...]:
    """Look at everything that could keep an integration from calling the fake, but for the command itself."""
    here = machine or Machine()
    before = here.clocks()
    checks = [
        check_port(here),
        check_localhost(here, (*command, *environment.values())),
        check_proxies(environment),
        check_certificates(environment),
        check_temporary(here),
        check_config(here),
    ]
    # Last: between the two readings lies what the others took.
    checks.append(check_clock(before, here.clocks()))
    return tuple(checks)


def problems(checks: Sequence[Check]) -> str:
    """Give what is wrong and what to do, a line each; empty if nothing is."""
    wrong = (check for check in checks if check.status is Status.PROBLEM)
    return "\n".join(f"{check.name}: {check.found} {check.advice}" for check in wrong)


def advise(command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None) -> str:
    """Say what may have kept a command that was started by `blastiq run` from calling; empty if nothing is wrong.

    `folder` is its working directory. Of proxies it was told nothing.
    """
    told = {name: value for name, value in environment.items() if not name.upper().endswith("_PROXY")}
    return problems(diagnose(command, told, Machine(folder=folder or Path.cwd())))
