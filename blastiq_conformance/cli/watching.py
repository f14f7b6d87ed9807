"""Repeating something whenever a file below some folders has changed."""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import click

from blastiq_conformance.cli.ending import STOPPED_BY
from blastiq_conformance.cli.output import say

_Snapshot: TypeAlias = dict[str, tuple[int, int]]

# Hidden folders are left out as well, such as the kit's own memory.
_LEFT_OUT = frozenset({"node_modules", "__pycache__", "venv"})
_MOST_FILES = 20_000
_PAUSE = 0.5


def watch(
    once: Callable[[], int], folders: Callable[[], Iterable[Path]], pause: Callable[[float], None] = time.sleep
) -> int:
    """Do it now, and after each change, until Ctrl-C; give the exit code of the last time.

    A usage error in between, such as a half-written blastiq.toml, is shown, and the next change is waited for.
    """
    code = 2
    try:
        while True:
            try:
                code = once()
            except click.ClickException as error:
                error.show()
                code = error.exit_code
            if code > STOPPED_BY:
                return code
            # Files that the integration wrote itself do not count as a change.
            before = _snapshot(folders())
            say("Waiting for a change; Ctrl-C ends it.")
            while _snapshot(folders()) == before:
                pause(_PAUSE)
    except KeyboardInterrupt as stop:
        if getattr(stop, "exit_code", STOPPED_BY + signal.SIGINT) != STOPPED_BY + signal.SIGINT:
            raise
        return code


def _snapshot(folders: Iterable[Path]) -> _Snapshot:
    return dict(islice((seen for folder in folders for seen in _files(folder)), _MOST_FILES))


def _files(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT and not name.startswith("."))
        for name in names:
            path = Path(where, name)
            try:
                status = path.stat()
            except OSError:
                continue
            yield str(path), (status.st_mtime_ns, status.st_size)
