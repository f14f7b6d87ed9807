"""`blastiq verify`: whether the evidence of a bundle says what its report says."""

import sys
from pathlib import Path

import click

from blastiq_conformance.cli.output import say, tell

_UNKNOWN = 4
_MOST_SHOWN = 20


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
def verify(bundle: Path) -> None:
    """Check the digests of a bundle, judge its evidence again, and name every difference to its report.

    Exit 0 where nothing differs, 1 where something does, 2 where the file cannot be read as a bundle, 4 where another
    version of the kit wrote it: then the parts are named that the evidence gives today as well, and those that it does
    not. The report's own verdict is shown, and is no part of the exit code.
    """
    from blastiq_conformance.bundle import BundleError
    from blastiq_conformance.bundle.verification import verify as verified

    try:
        result = verified(bundle)
    except BundleError as error:
        say(f"blastiq verify: {bundle} is not a bundle that can be verified: {error}")
        sys.exit(2)
    for report in result.reports:
        judged = sum(row["plays"] for row in report["scenarios"]) or len(report["files"])
        tell(f"{report['target']}: {report['verdict']} ({len(report['results'])} rules, {judged} judged)")
    if result.other:
        tell(f"note: {result.other}.")
        tell(f"vouched for: {', '.join(result.vouched) or 'nothing'}.")
        _list("not vouched for", result.unvouched)
        sys.exit(_UNKNOWN)
    if result.differences:
        _list("differs", result.differences)
        sys.exit(1)
    tell("The digests are right, and the evidence gives the report as it stands.")


def _list(what: str, texts: tuple[str, ...]) -> None:
    for text in texts[:_MOST_SHOWN]:
        tell(f"{what}: {text}")
    if (more := len(texts) - _MOST_SHOWN) > 0:
        tell(f"{what}: {more} more places")
