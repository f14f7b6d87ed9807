"""Where a report goes: standard output in one format, and files in others."""

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from blastiq_conformance.report import Report, several
from blastiq_conformance.report_shape import Model


def publish(reports: Iterable[Report], form: str, files: Iterable[tuple[str, Path]]) -> None:
    """Print the reports and write their files; a file that cannot be written is a usage error."""
    publish_model(several([report.to_model() for report in reports]), form, files)


def publish_model(model: Model, form: str | None, files: Iterable[tuple[str, Path]]) -> None:
    """Print a model where `form` says how, and write its files, as `publish` does."""
    if form == "json":
        from blastiq_conformance.writers import json

        click.echo(json.write(model), nl=False)
    elif form is not None:
        from blastiq_conformance.writers import terminal

        click.echo(terminal.write(model, width=_width(), color=_color()), nl=False, color=True)
    for name, path in files:
        from blastiq_conformance.writers import writer

        try:
            path.write_text(writer(name)(model), encoding="utf-8")
        except OSError as error:
            raise click.UsageError(f"the report {name} could not be written to {path}: {error.strerror}") from None


def say(text: str) -> None:
    """Tell something beside the report, on standard error."""
    click.echo(text, err=True)


def _color() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _width() -> int:
    return min(shutil.get_terminal_size((100, 24)).columns, 120)
