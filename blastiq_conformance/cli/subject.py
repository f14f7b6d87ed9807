"""--subject: which build a report is about."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import click

from blastiq_conformance.report.shape import SubjectShape

F = TypeVar("F", bound=Callable[..., object])


def subject_option(command: F) -> F:
    """--subject FILE|FOLDER|git:FOLDER."""
    return click.option(
        "--subject",
        "named",
        multiple=True,
        metavar="FILE|FOLDER|git:.",
        help="The build that the report is about, by digest; git:. is the checkout here. May be repeated.",
    )(command)


def examined(named: Iterable[str], *apart: Path | None) -> tuple[SubjectShape, ...]:
    """Give the digests of what was named, without what stands `apart` as the command's own files do."""
    if not named:
        return ()
    from blastiq_conformance.report.subjects import SubjectError, examine

    try:
        return tuple(examine(each, [path for path in apart if path]) for each in dict.fromkeys(named))
    except SubjectError as error:
        raise click.UsageError(f"--subject {error}") from None
