"""`blastiq doctor`: what is wrong with a machine or a set-up, found before any verdict.

All the checks, in the order in which a reader wants them.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from blastiq_conformance.doctor.check import Check, Status
from blastiq_conformance.doctor.clock import check_clock, clocks
from blastiq_conformance.doctor.files import check_certificates, check_config, check_temporary
from blastiq_conformance.doctor.loopback import check_localhost, check_port, check_proxies

__all__ = ["Check", "Status", "advise", "diagnose"]


def diagnose(command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None) -> tuple[Check, ...]:
    """Look at everything that could keep an integration from calling the fake, but for the command itself.

    `folder` is where its configuration is looked for, by default the current one.
    """
    before = clocks()
    checks = [
        check_port(),
        check_localhost((*command, *environment.values())),
        check_proxies(environment),
        check_certificates(environment),
        check_temporary(),
        check_config(folder or Path.cwd()),
    ]
    # Last: between the two readings lies what the others took.
    return (*checks, check_clock(before, clocks()))


def advise(command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None) -> list[str]:
    """Say what may have kept a command that was started by `blastiq run` from calling: a line for each problem.

    `folder` is its working directory. Of proxies it was told nothing.
    """
    told = {name: value for name, value in environment.items() if not name.upper().endswith("_PROXY")}
    checks = diagnose(command, told, folder)
    return [f"{check.name}: {check.found} {check.advice}" for check in checks if check.status is Status.PROBLEM]
