"""`blastiq diff`: what has got better or worse between two reports."""

import sys
from pathlib import Path

import click

from blastiq_conformance.cli.options import PATH
from blastiq_conformance.cli.output import refuse, tell

_COLUMN = 12


@click.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
def diff(old: Path, new: Path) -> None:
    """Compare two JSON reports or bundles: what is new, still failing, fixed, no longer tested.

    Exit 1 if something is new, 4 if nothing is new but something is no longer tested, else 0; 2 if a file cannot be
    read. Bundles are not verified; `blastiq verify` does that.
    """
    from blastiq_conformance.bundle import BundleError
    from blastiq_conformance.bundle.verification import reports_in
    from blastiq_conformance.evidence.grouping import grouped
    from blastiq_conformance.report.change import change
    from blastiq_conformance.report.file import ReportFileError

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
