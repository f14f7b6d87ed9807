"""--bundle: evidence, reports and digests in one file beside the report."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from blastiq_conformance.cli.options import demand_place
from blastiq_conformance.cli.output import Work, say
from blastiq_conformance.report import Report

_KEPT = "blastiq.keep_foreign"
F = TypeVar("F", bound=Callable[..., object])


def keep_foreign_option(command: F) -> F:
    """--keep-foreign, which `is_foreign_kept` tells of."""
    return click.option(
        "--keep-foreign",
        is_flag=True,
        expose_value=False,
        callback=lambda context, _option, value: context.meta.update({_KEPT: value}),
        help="Keep traffic to hosts that are not BlastIQ's, redacted as far as its secrets have names that tell.",
    )(command)


def is_foreign_kept() -> bool:
    """Whether the command that runs was asked to keep traffic to other hosts."""
    return bool(click.get_current_context().meta.get(_KEPT))


def bundle_option(command: F) -> F:
    """--bundle ZIP and --keep-foreign."""
    return click.option(
        "--bundle",
        type=click.Path(path_type=Path, dir_okay=False),
        callback=lambda _context, _option, path: path and demand_place(path),
        metavar="ZIP",
        help="Write evidence, report and digests, for `blastiq verify`; what the kit did not issue is redacted.",
    )(keep_foreign_option(command))


def bundles(path: Path | None, reports: Sequence[Report]) -> Iterator[Work]:
    """Give what is to be done where a bundle is asked for."""
    if path is not None:
        yield f"the bundle to {path}", partial(_write, path, reports)


def _write(path: Path, reports: Sequence[Report]) -> None:
    from blastiq_conformance.bundle import BundleError, write_bundle

    try:
        write_bundle(path, reports, keep_foreign=is_foreign_kept())
    except BundleError as error:
        say(f"no bundle was written: {error}")
