"""The command line, in a process of its own or in this one: exit code, standard output, standard error."""

import os
import subprocess
import sys
from unittest.mock import patch

from click.testing import CliRunner

from blastiq_conformance.cli import blastiq as command_line
from tests.heeding import signals_kept

BLASTIQ = (sys.executable, "-m", "blastiq_conformance")


def blastiq(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `blastiq` with these arguments in a process of its own; coverage would measure all that it starts."""
    return subprocess.run(
        [*BLASTIQ, *args],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        env=os.environ | {"NO_COLOR": "1"} | env,
    )


def called(*args: str, **env: str | None) -> subprocess.CompletedProcess[str]:
    """Call `blastiq` with these arguments in this process, which saves the second that it takes to start one."""
    # What lies in the machine's own /tmp, where other tests write just now, takes longer to search than to run.
    with signals_kept(), patch("blastiq_conformance.runner.written._FOR_ALL", ()):
        done = CliRunner(env={"NO_COLOR": "1", **env}).invoke(command_line, args, prog_name="blastiq")
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(args, done.exit_code, done.stdout, done.stderr)
