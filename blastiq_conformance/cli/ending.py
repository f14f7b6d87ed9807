"""How a command ends that could not come to its end: interrupted, its reader gone, or no room for what it says."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from traceback import walk_tb
from typing import IO

import click

_UNUSABLE = 2
# 128 + SIGPIPE, as a shell says it of a program that ends so.
_NOBODY_READS = 141


@contextmanager
def endings() -> Iterator[None]:
    """Turn Ctrl-C, a reader that went away and a full disk into exit codes: none is a verdict, none our fault."""
    try:
        yield
    except KeyboardInterrupt:
        from blastiq_conformance.report.verdict import INTERRUPTED  # here: `--version` needs no verdict

        click.echo("Interrupted.", err=True)
        sys.exit(INTERRUPTED)
    except OSError as error:
        if _is_homeless():
            click.echo("blastiq: the folder you stand in does not exist any more; change to one that does", err=True)
            sys.exit(_UNUSABLE)
        if not _was_printing(error):
            raise
        for stream in (sys.stdout, sys.stderr):
            _drop(stream)
        if isinstance(error, BrokenPipeError):
            sys.exit(_NOBODY_READS)
        with suppress(OSError):
            click.echo(
                f"blastiq: standard output cannot be written: {error.strerror}; send it somewhere else", err=True
            )
        sys.exit(_UNUSABLE)


def hush(stream: IO[str]) -> None:
    """Send a stream nowhere from now on."""
    # As Python's own documentation has it: what is buffered would else fail once more at the end.
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _is_homeless() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def _was_printing(error: OSError) -> bool:
    """Whether click could not print: all that a command says goes through its `echo`, and no file does."""
    *_, (frame, _line) = walk_tb(error.__traceback__)
    return frame.f_globals.get("__name__") == click.echo.__module__


def _drop(stream: IO[str] | None) -> None:
    """Hush a stream that cannot get rid of what it holds."""
    if stream is None:
        return
    try:
        stream.flush()
    except OSError:
        hush(stream)
