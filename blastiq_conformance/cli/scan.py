"""`blastiq scan`: searching shipped artefacts for credentials and tokens (BIQ707)."""

import sys
from pathlib import Path

import click

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.cli.options import format_option
from blastiq_conformance.cli.output import say, show, tell
from blastiq_conformance.given_file import LARGEST, read_bytes, too_large
from blastiq_conformance.scan import scan as search
from blastiq_conformance.scan.known import SHORTEST, Known
from blastiq_conformance.writers.json import dump
from blastiq_conformance.writers.text import number
from fake_idp.secrets.search import Secret

_FOUND, _UNREAD = 1, 2


@click.command()
@click.option(
    "--known",
    "source",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="User names and passwords that must not be shipped, one a line; - reads them from standard input.",
)
@format_option
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def scan(path: Path, source: Path | None, form: str) -> None:
    """Search what you ship for credentials and tokens: files, and zip, jar, nupkg, wheel, apk, asar, tar in each other.

    Looks for the known values in every encoding, for a password beside external.customer, and for access and refresh
    tokens. Exit code 0 if nothing was found, 1 if something was, 2 if something could not be read.
    """
    result = search(path, _known(_listed(source)))
    if form == "json":
        show(dump(result.to_model()))
    else:
        for found in result.found:
            place = f"line {found.line}, column {found.column}" if found.line else f"byte {found.offset}"
            tell(f"FOUND  {found.path}, {place}: {found.message}")
            tell(f"       {found.shown}")
        if result.found:
            rule = catalogue()["BIQ707"]
            tell()
            tell(f"{rule.level} ({rule.id}, article A3): {rule.title.lower()}. {rule.instead}")
            tell()
        tell(f"{len(result.found)} found in {number(result.files, 'file')}, {result.octets} bytes")
    for unread in result.unread:
        say(f"blastiq scan: not searched: {unread.path}: {unread.reason}")
    if not result.files:
        say(f"blastiq scan: there is no file in {path}: nothing was searched")
    sys.exit(_UNREAD if result.unread or not result.files else _FOUND if result.found else 0)


def _listed(source: Path | None) -> bytes:
    if source is None:
        return b""
    try:
        if source == Path("-"):
            data = sys.stdin.buffer.read(LARGEST + 1)
            if len(data) > LARGEST:
                raise too_large(LARGEST)
            return data
        return read_bytes(source)
    except OSError as error:
        raise click.UsageError(f"--known {source} cannot be read: {error.strerror or error}") from None


def _known(data: bytes) -> Known:
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise click.UsageError(
            f"--known: byte {error.start} is not UTF-8; expected one value a line, in UTF-8"
        ) from None
    for line, value in enumerate(lines, 1):
        if value and len(value) < SHORTEST:
            raise click.UsageError(
                f"--known: line {line} has {len(value)} characters, which turn up everywhere by chance; leave out "
                f"what is shorter than {SHORTEST}"
            )
    return Known(tuple(Secret("known", value) for value in dict.fromkeys(lines) if value))
