"""--bundle: evidence, reports and digests in one file beside the report."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import click

from blastiq_conformance.cli.options import Parsed, several, writable
from blastiq_conformance.cli.output import Work, say
from blastiq_conformance.report import Report

_KEPT = "blastiq.keep_foreign"

# `is_foreign_kept` says whether it was given.
keep_foreign_option = click.option(
    "--keep-foreign",
    is_flag=True,
    expose_value=False,
    callback=lambda context, _option, value: context.meta.update({_KEPT: value}),
    help="Keep traffic to hosts that are not BlastIQ's, redacted as far as its secrets have names that tell.",
)
bundle_option = several(
    click.option(
        "--bundle",
        type=Parsed("ZIP", writable),
        help="Write evidence, report and digests, for `blastiq verify`; what the kit did not issue is redacted.",
    ),
    keep_foreign_option,
)


def is_foreign_kept() -> bool:
    """Whether the running command was asked to keep traffic to other hosts."""
    return bool(click.get_current_context().meta.get(_KEPT))


def bundles(path: Path | None, reports: Sequence[Report]) -> Iterator[Work]:
    """Give the work of writing a bundle, if one is asked for."""
    if path is not None:
        yield f"the bundle to {path}", partial(_write, path, reports)


def _write(path: Path, reports: Sequence[Report]) -> None:
    from blastiq_conformance.bundle import BundleError, write_bundle

    try:
        write_bundle(path, reports, keep_foreign=is_foreign_kept())
    except BundleError as error:
        say(f"no bundle was written: {error}")
