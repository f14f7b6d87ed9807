"""`blastiq report`: reports of several machines or targets, merged and written again."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from blastiq_conformance.cli.options import PATH, allow_untested_option
from blastiq_conformance.cli.output import publish, refuse
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report import several
from blastiq_conformance.report.file import ReportFileError, read_reports
from blastiq_conformance.report.shards import merge_shards
from blastiq_conformance.report.verdict import worst_code
from blastiq_conformance.writers import FORMATS
from fake_idp.command_line import Parsed

_UNUSABLE = 2


def _destination(text: str) -> tuple[str, Path | None]:
    form, equals, file = text.partition("=")
    if form not in FORMATS or (equals and not file):
        raise ValueError(f"{text!r}: expected FORMAT or FORMAT=FILE, FORMAT one of {', '.join(FORMATS)}")
    return form, Path(file) if file else None


@click.command()
@click.option(
    "--to",
    "destinations",
    multiple=True,
    type=Parsed("FORMAT[=FILE]", _destination),
    help=f"What to write, and where to: {', '.join(FORMATS)}; without a file to standard output. May be repeated.",
)
@allow_untested_option
@click.argument("files", nargs=-1, required=True, type=PATH)
def report(destinations: tuple[tuple[str, Path | None], ...], allow_untested: bool, files: tuple[Path, ...]) -> None:
    """Merge JSON reports: the parts of one target become one report, as of a single run; targets follow each other.

    To spread a run over machines, split its scenarios: blastiq run --scenario … --report json=part1.json, and so on.
    The exit code is that of the whole.
    """
    printed = [form for form, file in destinations if file is None] or ([] if destinations else ["terminal"])
    if len(printed) > 1:
        raise click.UsageError(f"only one format fits standard output, not {' and '.join(printed)}; give one a file")
    # Two targets called `default` are the same only if their commands are.
    try:
        targets = grouped(((part["target"], *part["command"]), part) for file in files for part in read_reports(file))
        today = datetime.now(UTC).date()
        merged = [merge_shards(parts, today, allow_untested=allow_untested) for parts in targets.values()]
    except (ReportFileError, ValueError) as error:
        refuse(str(error))
    written = [(form, file) for form, file in destinations if file is not None]
    whole = publish(several(merged), printed[0] if printed else None, written)
    sys.exit(worst_code([*(part["exit_code"] for part in merged), *([] if whole else [_UNUSABLE])]))
