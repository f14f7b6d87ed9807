"""`blastiq redact`: a recording without its secrets, to be shared, and still judged to the same verdict."""

import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Where to write it."
)
@click.argument("recording", type=click.Path(path_type=Path))
def redact(recording: Path, output: Path) -> None:
    """Write a recording anew with placeholders for user names, passwords, tokens, secrets and session cookies.

    HAR, cassettes of VCR and the kit's own journal keep their format. Equal values get equal placeholders, so that
    `blastiq check` comes to the same verdict. What cannot be read is refused (exit 2), and nothing is written.
    """
    from blastiq_conformance.redaction.document import redacted
    from blastiq_conformance.sources import SourceError

    if output.exists() and recording.exists() and output.samefile(recording):
        raise click.UsageError(f"{output} is the recording itself; name another file, for this one may be all you have")
    try:
        text = redacted(recording)
    except SourceError as error:
        click.echo(f"blastiq redact: {error}", err=True)
        sys.exit(2)
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.UsageError(f"{output} cannot be written: {error.strerror or error}") from None
