"""Where a report goes: standard output in one format, and files in others."""

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import click

from blastiq_conformance.cli.ending import hush
from blastiq_conformance.report import Report, several
from blastiq_conformance.report.shape import Model
from fake_idp.plain_text import plain

_STDOUT = Path("-")


def publish(reports: Iterable[Report], form: str, files: Iterable[tuple[str, Path]]) -> None:
    """Print the reports and write their files; a file that cannot be written is a usage error."""
    publish_model(several([report.to_model() for report in reports]), form, files)


def publish_model(model: Model, form: str | None, files: Iterable[tuple[str, Path]]) -> None:
    """Print a model where `form` says how, and write its files, as `publish` does; the file `-` is standard output."""
    refused: OSError | None = None
    try:
        _print(model, form)
    except OSError as error:
        # The files may have room where standard output has none.
        refused = error
    for name, path in files:
        _write(model, name, path)
    if refused is not None:
        raise refused


def _print(model: Model, form: str | None) -> None:
    if form == "terminal":
        from blastiq_conformance.writers import terminal

        _publish(terminal.write(model, width=width(), color=_color()))
    elif form is not None:
        _write(model, form, _STDOUT)


def _write(model: Model, name: str, path: Path) -> None:
    from blastiq_conformance.writers import writer

    text = writer(name)(model)
    if path == _STDOUT:
        _publish(text.encode())
    else:
        _put(text, name, path, "w")
    if name == "github" and (summary := os.environ.get("GITHUB_STEP_SUMMARY")):
        from blastiq_conformance.writers import github

        # Steps of one job share the file.
        _put(github.summary(model), "github", Path(summary), "a")


def _publish(text: str | bytes) -> None:
    # Files are still to be written, and the exit code is the verdict: nobody has to read to the end for that.
    try:
        click.echo(text, nl=False, color=True)
    except BrokenPipeError:
        hush(sys.stdout)


def _put(text: str, name: str, path: Path, mode: Literal["a", "w"]) -> None:
    """Write a text in UTF-8, its lines ended alike everywhere: the digest of a report is that of its file."""
    try:
        with path.open(mode, encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise click.UsageError(f"the report {name} could not be written to {path}: {error.strerror}") from None


def say(text: str) -> None:
    """Tell something beside the report in one line, on standard error; whatever is quoted in it steers nothing."""
    click.echo(plain(text), err=True)


def show(text: str) -> None:
    """Print what is fit to be printed as it is: what a writer wrote, and the kit's own pages."""
    click.echo(text, nl=False)


def tell(text: str = "") -> None:
    """Tell the result of a command in one line, on standard output, as `say` does."""
    click.echo(plain(text))


def _color() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Give how many columns a text for people may have."""
    return min(shutil.get_terminal_size((100, 24)).columns, 120)
