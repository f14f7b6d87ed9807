"""The progress of a run, on standard error: a bar on a terminal, plain lines elsewhere."""

import sys
import threading
from typing import TYPE_CHECKING, Self

from blastiq_conformance.cli.output import say
from blastiq_conformance.runner.scenario_pool import Event, Happening

if TYPE_CHECKING:
    from rich.progress import Progress as Bar


class Progress:
    """Shows how many scenarios have ended; worker threads may call it at the same time."""

    def __init__(self, scenarios: int) -> None:
        """Choose the way to show it."""
        self._total = scenarios
        self._ended = 0
        self._warned = False
        self._lock = threading.Lock()
        self._bar: Bar | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bar

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._bar.add_task("scenarios", total=self._total)
            self._bar.start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, event: Event) -> None:
        """Show one event."""
        with self._lock:
            if event.what is Happening.TIMED_OUT and not self._warned:
                # At once: an undeclared service runs into the timeout in every scenario.
                self._warned = True
                self._say(
                    f"{event.scenario}: still ran after {event.seconds:.0f} s and was ended (--timeout). "
                    "A service that stays up: set `quiet = 5` in blastiq.toml (`blastiq init`)."
                )
            if event.what is Happening.HELD_UP:
                self._total += 1
                self._say(
                    f"{event.scenario}: the kit itself was held up for {event.seconds:.1f} s (an overloaded machine, "
                    "or a stopped process). The scenario is run again."
                )
            if event.what is not Happening.SCENARIO_ENDED:
                return
            self._ended += 1
            if self._bar is None:
                told = f"{event.requests} request{'' if event.requests == 1 else 's'}"
                self._say(f"[{self._ended}/{self._total}] {event.scenario}: {told}, {event.seconds:.1f} s")
            else:
                (task,) = self._bar.task_ids
                self._bar.update(task, completed=self._ended, total=self._total, description=event.scenario)

    def _say(self, line: str) -> None:
        if self._bar is None:
            say(line)
        else:
            self._bar.console.print(line, markup=False, highlight=False)
