"""Where a report goes: standard output, files, a bundle; one that fails does not stop the others."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

import click

from blastiq_conformance.report.shape import Model
from fake_idp.system.outlet import spare_readers
from fake_idp.system.plain_text import plain
from fake_idp.system.whole_file import write_whole
from fake_idp.wire import Json

_STDOUT = Path("-")
# Something to write: its name for the case that it fails, and how to do it.
Work = tuple[str, Callable[[], None]]


def publish(model: Model, form: str | None, files: Iterable[tuple[str, Path]], more: Iterable[Work] = ()) -> bool:
    """Write the files of a model, do `more`, and print the model if `form` says how; `-` is standard output.

    One that cannot be written does not stop the others. Gives whether all could be written, and prints which could not.
    """
    # The exit code is the verdict, even if nobody reads to the end.
    spare_readers()
    # Standard output comes last, for it may wait for its reader.
    works: list[Work] = [
        *_to_files(model, files),
        *more,
        ("the report on standard output", partial(_print, model, form)),
    ]
    refused: list[str] = []
    faults: list[Exception] = []
    for what, work in works:
        try:
            work()
        except OSError as error:
            refused.append(f"{what} could not be written: {error.strerror or error}")
        except Exception as fault:  # noqa: BLE001 - raised again, when the others have been written
            faults.append(fault)
    for text in refused:
        say(text)
    if faults:
        raise faults[0]
    return not refused


def _to_files(model: Model, files: Iterable[tuple[str, Path]]) -> Iterator[Work]:
    for name, path in files:
        yield f"the report {name} to {path}", partial(_write, model, name, path)
        if name == "github" and (summary := os.environ.get("GITHUB_STEP_SUMMARY")):
            yield f"the summary to {summary}", partial(_summarise, model, Path(summary))


def _print(model: Model, form: str | None) -> None:
    if form in {"terminal", "brief"}:
        from blastiq_conformance.writers import terminal

        text = terminal.write(model, width=width(), color=_color(), brief=form == "brief")
        click.echo(text, nl=False, color=True)
    elif form is not None:
        _write(model, form, _STDOUT)


def _write(model: Model, name: str, path: Path) -> None:
    """Write UTF-8 with the same line ends everywhere: the digest of a report is that of its file."""
    from blastiq_conformance.writers import writer

    # A surrogate, which stands for a byte of a file name that is not UTF-8, has no UTF-8 either.
    data = writer(name)(model).encode(errors="backslashreplace")
    if path == _STDOUT:
        click.echo(data, nl=False)
    else:
        write_whole(path, data)


def _summarise(model: Model, path: Path) -> None:
    from blastiq_conformance.writers import github

    # The steps of a job share this file.
    with path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.write(github.summary(model))


def say(text: str) -> None:
    """Print one line beside the report, on standard error; quoted text in it cannot steer the terminal."""
    click.echo(plain(text), err=True)


def write_file(path: Path, text: str) -> None:
    """Write what a command was asked for; raises UsageError if that fails."""
    try:
        write_whole(path, text.encode(errors="backslashreplace"))
    except OSError as error:
        raise click.UsageError(f"{path} cannot be written: {error.strerror or error}") from None


def refuse(text: str) -> NoReturn:
    """End the command that runs with exit code 2, and say why."""
    say(f"blastiq {click.get_current_context().info_name}: {text}")
    sys.exit(2)


def show(text: str) -> None:
    """Print what is safe as it is: a writer's output, and the kit's own pages."""
    click.echo(text, nl=False)


def show_listing(name: str, **members: Json) -> None:
    """Print what a command lists as JSON, which meets its shipped schema."""
    show(json.dumps({"schema": f"blastiq-{name}/1", **members}, indent=2) + "\n")


def tell(text: str = "") -> None:
    """Print one line of a command's result, on standard output, as `say` does."""
    click.echo(plain(text))


def _color() -> bool:
    # As https://no-color.org and https://force-color.org ask.
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def width() -> int:
    """Give how many columns a text for people may have."""
    return min(shutil.get_terminal_size((100, 24)).columns, 120)
