"""How a command ends that was told to stop, lost its reader, or could not write its output."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from fake_idp.system.fault_trace import shortage
from fake_idp.system.outlet import refusal
from fake_idp.system.plain_text import plain
from fake_idp.system.stop_signals import heed

_UNUSABLE, _FAULT = 2, 5
# A shell's exit code for a program that a signal ended, less the signal's number.
STOPPED_BY = 128
# 128 + SIGPIPE.
_NOBODY_READS = 141


class Stopped(KeyboardInterrupt):
    """A signal told the command to end, as Ctrl-C does."""

    def __init__(self, number: int) -> None:
        """Remember which signal."""
        super().__init__()
        self.exit_code = STOPPED_BY + number


def stop_as_by_interrupt() -> None:
    """Let every stop signal end the command as Ctrl-C does, so that nothing is left behind."""
    heed(_stop)


def _stop(number: int, _: FrameType | None) -> None:
    raise Stopped(number)


@contextmanager
def endings() -> Iterator[None]:
    """Turn a stop signal, a missing folder or a shortage into an exit code: none of them is a verdict."""
    try:
        yield
    except KeyboardInterrupt as stop:
        click.echo("Interrupted.", err=True)
        sys.exit(stop.exit_code if isinstance(stop, Stopped) else STOPPED_BY + signal.SIGINT)
    except click.ClickException as error:
        # The message may quote input, such as a file name; the help that click shows instead of a message is ours.
        if not isinstance(error, click.UsageError) or error.ctx is None or error.message != error.ctx.get_help():
            error.message = plain(error.message)  # type: ignore[misc]  # final by a hint alone
        raise
    except OSError as error:
        if _is_homeless():
            what = "the folder you stand in does not exist any more; change to one that does"
        elif lack := shortage(error):
            what = lack
        else:
            raise
        click.echo(f"blastiq: {what}", err=True)
        sys.exit(_UNUSABLE)


def settled(code: int) -> int:
    """Give the exit code of a command after its output: 2 if that could not be written, which is no fault of ours."""
    streams = {"standard output": sys.stdout, "standard error": sys.stderr}
    refused = {name: why for name, stream in streams.items() if (why := refusal(stream)) is not None}
    if all(isinstance(why, BrokenPipeError) for why in refused.values()):
        return _NOBODY_READS if refused else code
    for name, why in refused.items():
        click.echo(f"blastiq: {name} cannot be written: {why.strerror}; send it somewhere else", err=True)
    return code if code == _FAULT or code > STOPPED_BY else _UNUSABLE


def _is_homeless() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False
