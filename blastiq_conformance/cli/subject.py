"""--subject: which build a report is about."""

from collections.abc import Iterable
from pathlib import Path

import click

from blastiq_conformance.report.shape import SubjectShape

subject_option = click.option(
    "--subject",
    "named",
    multiple=True,
    metavar="FILE|FOLDER|git:.",
    help="The build that the report is about, by digest; git:. is the checkout here. May be repeated.",
)


def examined(named: Iterable[str], *apart: Path | None) -> tuple[SubjectShape, ...]:
    """Give the digests of what was named, leaving out the paths `apart`, the command's own files."""
    if not named:
        return ()
    from blastiq_conformance.report.subjects import SubjectError, examine

    try:
        return tuple(examine(each, [path for path in apart if path]) for each in dict.fromkeys(named))
    except SubjectError as error:
        raise click.UsageError(f"--subject {error}") from None
