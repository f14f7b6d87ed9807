"""`blastiq report`: reports of several machines or targets, merged and written again; `diff`: two of them compared."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from blastiq_conformance.bundle import BundleError
from blastiq_conformance.bundle.verification import reports_in
from blastiq_conformance.cli.options import PATH, Parsed, allow_untested_option
from blastiq_conformance.cli.output import publish, refuse, tell
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report import several
from blastiq_conformance.report.change import change
from blastiq_conformance.report.file import ReportFileError, read_reports
from blastiq_conformance.report.shards import merge_shards
from blastiq_conformance.report.verdict import worst_code
from blastiq_conformance.writers import FORMATS

_UNUSABLE = 2
_COLUMN = 12


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


@click.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
def diff(old: Path, new: Path) -> None:
    """Compare two JSON reports or bundles: what is new, still failing, fixed, no longer tested.

    Exit 1 if something is new, 4 if nothing is new but something is no longer tested, else 0; 2 if a file cannot be
    read. Bundles are not verified; `blastiq verify` does that.
    """
    try:
        found = change(reports_in(old), reports_in(new))
    except (BundleError, ReportFileError) as error:
        refuse(str(error))
    changes = (
        ("NEW", "new", found.new),
        ("STILL", "still failing", found.still),
        ("FIXED", "fixed", found.fixed),
        ("UNTESTED", "no longer tested", found.untested),
    )
    targets = {point.target for _, _, points in changes for point in points}
    for word, _, points in changes:
        for (target, rule, name), places in grouped((point[:3], point.place) for point in points).items():
            whose = f" of {target}" if len(targets) > 1 and target else ""
            where = f"  {', '.join(filter(None, places))}" if any(places) else ""
            tell(f"{word.ljust(_COLUMN)}{rule} {name}{whose}{where}")
    tell(", ".join(f"{len(points)} {what}" for _, what, points in changes))
    sys.exit(found.exit_code)
