"""How an attended integration opens the kit's browser: by BROWSER, or by the programs that libraries start."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

# Programs that libraries start which do not read BROWSER; here each of them is the kit's browser.
_NAMES = ("blastiq-browser", "xdg-open", "sensible-browser", "x-www-browser")
WINDOWS = os.name == "nt"
_PROGRAM = Path(__file__).parent.parent / "programs" / "browser.py"


def lay_out_browser(folder: Path, environment: Mapping[str, str], *, reloads: bool = False) -> dict[str, str]:
    """Write programs that open the kit's browser into a folder, and give the variables that lead to them.

    BROWSER is only the path of a program, because some libraries split it into words and others do not.
    """
    # Isolated: the integration's folder and its PYTHON… variables must not decide what is imported.
    words = [sys.executable, "-I", str(_PROGRAM), *(["--reload"] if reloads else [])]
    folder.mkdir()
    if WINDOWS:
        names: tuple[str, ...] = (f"{_NAMES[0]}.cmd",)
        script = f"@{subprocess.list2cmdline(words)} %*\r\n"
    else:
        names = _NAMES
        script = f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n'
    for name in names:
        (folder / name).write_text(script, encoding="utf-8")
        (folder / name).chmod(0o700)
    program = str(folder / names[0])
    path = os.pathsep.join((str(folder), environment.get("PATH", os.defpath)))
    return {"BROWSER": program, "BLASTIQ_BROWSER": program, "PATH": path}
