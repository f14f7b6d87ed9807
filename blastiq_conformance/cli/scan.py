"""`blastiq scan`: shipped artefacts searched for credentials and tokens (BIQ707)."""

import json
import sys
from pathlib import Path
from typing import IO

import click

from blastiq_conformance.catalogue import catalogue
from blastiq_conformance.known import SHORTEST, Known
from fake_idp.redact import Secret

_FOUND, _UNREAD = 1, 2


@click.command()
@click.option(
    "--known",
    "source",
    type=click.File("rb"),
    metavar="FILE",
    help="User names and passwords that must not be shipped, one a line; - reads them from standard input.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("terminal", "json")),
    default="terminal",
    show_default=True,
    help="What stands on standard output; nothing else does.",
)
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def scan(path: Path, source: IO[bytes] | None, form: str) -> None:
    """Search what you ship for credentials and tokens: files, and zip, jar, nupkg, wheel, apk, asar, tar in each other.

    Looks for the known values in every encoding, for a password beside external.customer, and for access and refresh
    tokens. Exit code 0 where nothing was found, 1 where something was, 2 where something could not be read.
    """
    from blastiq_conformance.scan import scan as search

    result = search(path, _known(source.read() if source is not None else b""))
    if form == "json":
        click.echo(json.dumps(result.to_model(), indent=2))
    else:
        for found in result.found:
            place = f"line {found.line}, column {found.column}" if found.line else f"byte {found.offset}"
            click.echo(f"FOUND  {_plain(found.path)}, {place}: {found.message}\n       {_plain(found.shown)}")
        if result.found:
            rule = catalogue()["BIQ707"]
            click.echo(f"\n{rule.level} ({rule.id}, article A3): {rule.title.lower()}. {rule.instead}\n")
        click.echo(
            f"{len(result.found)} found in {result.files} file{'' if result.files == 1 else 's'}, {result.octets} bytes"
        )
    for unread in result.unread:
        click.echo(f"blastiq scan: not searched: {_plain(unread.path)}: {_plain(unread.reason)}", err=True)
    sys.exit(_UNREAD if result.unread else _FOUND if result.found else 0)


def _known(data: bytes) -> Known:
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise click.UsageError(
            f"--known: byte {error.start} is no UTF-8; expected one value a line, in UTF-8"
        ) from None
    for number, value in enumerate(lines, 1):
        if value and len(value) < SHORTEST:
            raise click.UsageError(
                f"--known: line {number} has {len(value)} characters, which turn up everywhere by chance; leave out "
                f"what is shorter than {SHORTEST}"
            )
    return Known(tuple(Secret("known", value) for value in dict.fromkeys(lines) if value))


def _plain(text: str) -> str:
    """Write what a terminal would act upon as an escape: names in packages are anybody's."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
