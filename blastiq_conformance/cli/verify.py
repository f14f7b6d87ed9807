"""`blastiq verify`: whether the evidence of a bundle says what its report says."""

import sys
from pathlib import Path

import click

from blastiq_conformance.cli.output import say, tell


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
def verify(bundle: Path) -> None:
    """Check the digests of a bundle, judge its evidence again, and name every difference to its report.

    Exit 0 where nothing differs, 1 where something does, 2 where the file cannot be read as a bundle. The report's own
    verdict is shown, and is no part of the exit code.
    """
    from blastiq_conformance.bundle import BundleError
    from blastiq_conformance.bundle.verification import verify as verified

    try:
        result = verified(bundle)
    except BundleError as error:
        say(f"blastiq verify: {bundle} is no bundle that can be verified: {error}")
        sys.exit(2)
    for report in result.reports:
        judged = sum(row["plays"] for row in report["scenarios"]) or len(report["files"])
        tell(f"{report['target']}: {report['verdict']} ({len(report['results'])} rules, {judged} judged)")
    for note in result.notes:
        tell(f"note: {note}.")
    for difference in result.differences:
        tell(f"differs: {difference}")
    if result.differences:
        sys.exit(1)
    tell("The digests are right, and the evidence gives the report as it stands.")
