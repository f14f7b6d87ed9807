"""--bundle: evidence, reports and digests in one file beside the report."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from blastiq_conformance.cli.options import demand_place
from blastiq_conformance.cli.output import say
from blastiq_conformance.report import Report

F = TypeVar("F", bound=Callable[..., object])


def bundle_option(command: F) -> F:
    """--bundle ZIP."""
    return click.option(
        "--bundle",
        type=click.Path(path_type=Path, dir_okay=False),
        callback=lambda _context, _option, path: path and demand_place(path),
        metavar="ZIP",
        help="Write evidence, report and digests, for `blastiq verify`; what the kit did not issue is redacted.",
    )(command)


def write(path: Path | None, reports: Sequence[Report]) -> None:
    """Write the bundle where one is asked for; a file that cannot be written is a usage error."""
    if path is None:
        return
    from blastiq_conformance.bundle import BundleError, write_bundle

    try:
        write_bundle(path, reports)
    except BundleError as error:
        say(f"no bundle was written: {error}")
    except OSError as error:
        raise click.UsageError(f"the bundle could not be written to {path}: {error.strerror or error}") from None
