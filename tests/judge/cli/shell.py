"""The command line in a process of its own: exit code, standard output, standard error."""

import os
import subprocess
import sys

BLASTIQ = (sys.executable, "-m", "blastiq_conformance")


def blastiq(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `blastiq` with these arguments."""
    return subprocess.run(
        [*BLASTIQ, *args],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        env=os.environ | {"NO_COLOR": "1"} | env,
    )
