"""`blastiq verify`, `sign` and `diff`: what is done with bundles; `diff` compares JSON reports as well."""

import sys
from pathlib import Path

import click

from blastiq_conformance.bundle import BundleError
from blastiq_conformance.bundle.container import pack, read
from blastiq_conformance.bundle.signature import KeyFileError, private_key, public_key, signed
from blastiq_conformance.bundle.verification import reports_in
from blastiq_conformance.bundle.verification import verify as verified
from blastiq_conformance.cli.destination import examined, subject_option
from blastiq_conformance.cli.options import FILE, PATH
from blastiq_conformance.cli.output import refuse, say, tell
from blastiq_conformance.evidence.grouping import grouped
from blastiq_conformance.report.change import change
from blastiq_conformance.report.file import ReportFileError
from blastiq_conformance.report.subjects import listed
from fake_idp.system.whole_file import write_whole

_UNKNOWN = 4
_MOST_SHOWN = 20
_COLUMN = 12


@click.command()
@subject_option
@click.option("--key", "pem", type=FILE, metavar="PEM", help="The Ed25519 public key of whoever signed the bundle.")
@click.argument("bundle", type=PATH)
def verify(named: tuple[str, ...], pem: Path | None, bundle: Path) -> None:
    """Check the digests of a bundle, judge its evidence again, and name every difference from its report.

    Exit 0 if nothing differs, 1 if something does, 2 if the file cannot be read as a bundle, 4 if another version of
    the kit wrote it: then the output names the parts that the evidence gives today as well, and those that it does not.
    The report's own verdict is shown but does not change the exit code. Every report must name the digest of what
    --subject names, and --key must have signed the bundle.
    """
    subjects = examined(named, bundle)
    try:
        key = public_key(pem) if pem else None
        result = verified(bundle, subjects, key)
    except KeyFileError as error:
        raise click.UsageError(f"--key {error}") from None
    except BundleError as error:
        refuse(f"{bundle} is not a bundle that can be verified: {error}")
    for report in result.reports:
        judged = sum(row["plays"] for row in report["scenarios"]) or len(report["files"])
        tell(f"{report['target']}: {report['verdict']} ({len(report['results'])} rules, {judged} judged)")
        tell(f"subject: {listed(report['subjects'])}")
    if result.is_signed and not key:
        tell("note: it is signed, and --key with the signer's public key was not given: the signature was not checked.")
    if result.other:
        tell(f"note: {result.other}.")
        tell(f"vouched for: {', '.join(result.vouched) or 'nothing'}.")
        _list("not vouched for", result.unvouched)
        sys.exit(_UNKNOWN)
    if result.differences:
        _list("differs", result.differences)
        sys.exit(1)
    if result.dated:
        tell(
            "note: another version of the kit wrote it; its edition gives the same outcomes, severities and exit code."
        )
        tell("The texts of findings were not compared.")
    if key:
        tell("The signature is that of the key.")
    given = "this verdict" if result.dated else "the report as it stands"
    tell(f"The digests are right, and the evidence gives {given}.")


def _list(what: str, texts: tuple[str, ...]) -> None:
    for text in texts[:_MOST_SHOWN]:
        tell(f"{what}: {text}")
    if (more := len(texts) - _MOST_SHOWN) > 0:
        tell(f"{what}: {more} more places")


@click.command()
@click.option(
    "--key", required=True, type=FILE, metavar="PEM", help="An Ed25519 private key: openssl genpkey -algorithm ed25519."
)
@click.argument("bundle", type=PATH)
def sign(key: Path, bundle: Path) -> None:
    """Sign a bundle that verifies: an Ed25519 signature in a DSSE envelope is added beside those of others.

    `blastiq verify --key PUBLIC.pem` checks it. Exit 1 if the bundle does not verify, 2 if bundle or key cannot be
    read.
    """
    try:
        signer, result = private_key(key), verified(bundle)
        if result.differences or result.other:
            why = (*result.differences, result.other)[0]
            say(f"blastiq sign: {bundle} does not verify here, and is not signed: {why}")
            sys.exit(1)
        write_whole(bundle, pack(signed(read(bundle)[0], signer)))
    except BundleError as error:
        refuse(f"{bundle} is not a bundle that can be signed: {error}")
    except (KeyFileError, OSError) as error:
        refuse(str(error))
    tell(f"{bundle} is signed.")


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
