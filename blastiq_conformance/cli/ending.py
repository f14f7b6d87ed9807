"""How a command ends that could not come to its end: interrupted, its reader gone, or no room for what it says."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from traceback import walk_tb
from typing import IO

import click

from fake_idp.plain_text import plain

_UNUSABLE = 2
# Descriptors, ports, room on a disk, memory.
_USED_UP = frozenset(
    {errno.EMFILE, errno.ENFILE, errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.ENOSPC, errno.EDQUOT, errno.ENOMEM}
)
_MAKE_ROOM = "end what holds it, or raise the limit (`ulimit -n` for open files)"
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
    except click.ClickException as error:
        # What was wrong is quoted in it, such as a file name; the help that click shows instead of one is ours.
        if not isinstance(error, click.UsageError) or error.ctx is None or error.message != error.ctx.get_help():
            error.message = plain(error.message)  # type: ignore[misc]  # final by a hint alone
        raise
    except OSError as error:
        if _is_homeless():
            click.echo("blastiq: the folder you stand in does not exist any more; change to one that does", err=True)
            sys.exit(_UNUSABLE)
        if not _was_printing(error):
            if error.errno not in _USED_UP:
                raise
            click.echo(f"blastiq: this machine has no more of what is needed: {error.strerror}; {_MAKE_ROOM}", err=True)
            sys.exit(_UNUSABLE)
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
