"""Where the reports of a command go, and the build that they are about: --format, --report, --bundle, --subject."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path

import click

from blastiq_conformance.cli.options import allow_untested_option, format_option, writable
from blastiq_conformance.cli.output import Work, publish, say
from blastiq_conformance.report import Report
from blastiq_conformance.report import several as several_models
from blastiq_conformance.report.shape import SubjectShape
from blastiq_conformance.writers import FORMATS
from fake_idp.command_line import Parsed, several

keep_foreign_option = click.option(
    "--keep-foreign",
    is_flag=True,
    help="Keep traffic to hosts that are not BlastIQ's, redacted as far as its secrets have names that tell.",
)
subject_option = click.option(
    "--subject",
    "named",
    multiple=True,
    metavar="FILE|FOLDER|git:.",
    help="The build that the report is about, by digest; git:. is the checkout here. May be repeated.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """What to do with reports: what is printed and written, and which `subjects` each is to be about."""

    form: str
    files: tuple[tuple[str, Path], ...]
    bundle: Path | None
    keep_foreign: bool
    subjects: tuple[SubjectShape, ...]

    def publish(self, reports: Sequence[Report]) -> bool:
        """Write and print the reports; gives whether all could be written, and prints what could not."""
        bundles: list[Work] = []
        if self.bundle is not None:
            work = partial(_write_bundle, self.bundle, reports, keep_foreign=self.keep_foreign)
            bundles.append((f"the bundle to {self.bundle}", work))
        return publish(several_models([report.to_model() for report in reports]), self.form, self.files, bundles)


def destination_options(command: Callable[..., object]) -> Callable[..., object]:
    """Give a command the options of a Destination, and --allow-untested, which stands among them in the help."""

    @wraps(command)
    def with_destination(
        *,
        form: str,
        reports: tuple[tuple[str, Path], ...],
        brief: bool,
        bundle: Path | None,
        keep_foreign: bool,
        named: tuple[str, ...],
        **others: object,
    ) -> object:
        if brief and form != "terminal":
            raise click.UsageError(f"--brief shortens the text for the terminal; leave it out, or --format {form}")
        destination = Destination(
            form="brief" if brief else form,
            files=reports,
            bundle=bundle,
            keep_foreign=keep_foreign,
            subjects=examined(named, bundle, *(file for _, file in reports)),
        )
        return command(destination=destination, **others)

    return several(
        format_option,
        click.option(
            "--report",
            "reports",
            multiple=True,
            type=Parsed("FORMAT=FILE", _report_file),
            help=f"Write a report as well: {', '.join(FORMATS)}. May be repeated.",
        ),
        allow_untested_option,
        click.option("--brief", is_flag=True, help="On the terminal, print only the table of failed rules."),
        click.option(
            "--bundle",
            type=Parsed("ZIP", writable),
            help="Write evidence, report and digests, for `blastiq verify`; what the kit did not issue is redacted.",
        ),
        keep_foreign_option,
        subject_option,
    )(with_destination)


def examined(named: Iterable[str], *apart: Path | None) -> tuple[SubjectShape, ...]:
    """Give the digests of what was named, leaving out the paths `apart`, the command's own files."""
    if not named:
        return ()
    from blastiq_conformance.report.subjects import SubjectError, examine

    try:
        return tuple(examine(each, [path for path in apart if path]) for each in dict.fromkeys(named))
    except SubjectError as error:
        raise click.UsageError(f"--subject {error}") from None


def _write_bundle(path: Path, reports: Sequence[Report], *, keep_foreign: bool) -> None:
    from blastiq_conformance.bundle import BundleError, write_bundle

    try:
        write_bundle(path, reports, keep_foreign=keep_foreign)
    except BundleError as error:
        say(f"no bundle was written: {error}")


def _report_file(text: str) -> tuple[str, Path]:
    form, equals, file = text.partition("=")
    if form not in FORMATS or not equals or not file:
        raise ValueError(f"{text!r}: expected FORMAT=FILE with FORMAT one of {', '.join(FORMATS)}")
    return form, writable(file)
