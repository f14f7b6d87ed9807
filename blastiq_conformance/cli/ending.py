"""How a command ends that was told to stop, lost its reader, or could not write its output."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Self

import click

from fake_idp.system.fault_trace import shortage
from fake_idp.system.outlet import refusal
from fake_idp.system.plain_text import plain
from fake_idp.system.stop_signals import heed, stop_signals

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


class Interruption:
    """The first signal cancels the run, the second gives its children no more time.

    Once no child runs, the report is written first, unless Ctrl-C is pressed for a second time.
    """

    def __init__(self) -> None:
        """Handle no signal yet."""
        self.cancelled, self.hurried = threading.Event(), threading.Event()
        self._number = 0
        self._running = self._hurries = False
        self._before = ExitStack()

    def __enter__(self) -> Self:
        for number in stop_signals():
            self._before.callback(signal.signal, number, signal.getsignal(number))
        heed(self._note)
        return self

    def __exit__(self, *exc: object) -> None:
        self._before.close()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Note that children run while the block does."""
        self._running = True
        try:
            yield
        finally:
            self._running = False

    def exit_code(self, code: int) -> int:
        """Give the exit code: that of the signal, if there was one; in a report it is 130 for all signals."""
        return 128 + self._number if self._number else code

    def _note(self, number: int, _: FrameType | None) -> None:
        if self._number and not self._running and number == signal.SIGINT:
            raise KeyboardInterrupt
        # Noted before an event is set: a signal that comes meanwhile lands here again, and to set the same event within
        # its own `set` would wait for itself.
        if not self._number:
            self._number = number
            self.cancelled.set()
        elif not self._hurries:
            self._hurries = True
            self.hurried.set()
