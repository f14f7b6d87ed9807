"""Processes under measurement: a server that is up, and the memory that a process holds."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def memory(pid: int, what: str = "VmRSS") -> float:
    """Give the memory of a process in MiB: what it holds, or with VmHWM the most that it has held."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition(f"{what}:")[2].split()[0]) / 1024


@contextmanager
def serving(*command: str) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    """Run `python -m COMMAND` with a ready file, up in the block; give the process and what the file says."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder, "ready.json")
        words = (sys.executable, "-m", *command, "--ready-file", str(ready))
        with subprocess.Popen(words, stdout=subprocess.DEVNULL) as process:
            try:
                while not ready.exists():
                    time.sleep(0.002)
                yield process, json.loads(ready.read_text())
            finally:
                process.kill()
