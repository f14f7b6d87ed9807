"""`blastiq redact`: a recording without its secrets, which can be shared and still gets the same verdict."""

from pathlib import Path

import click

from blastiq_conformance.cli.destination import keep_foreign_option
from blastiq_conformance.cli.options import FILE, PATH
from blastiq_conformance.cli.output import refuse, write_file
from blastiq_conformance.given_file import is_there
from blastiq_conformance.redaction.document import redacted
from blastiq_conformance.sources import SourceError, read_variables


@click.command()
@click.option("-o", "--output", required=True, type=FILE, help="Where to write it.")
@keep_foreign_option
@click.argument("recording", type=PATH)
@click.argument("environments", nargs=-1, type=PATH)
def redact(recording: Path, environments: tuple[Path, ...], output: Path, keep_foreign: bool) -> None:
    """Copy a recording with stand-ins for user names, passwords, tokens, secrets and session cookies.

    HAR, cassettes of VCR, the kit's own journal, Postman collections and environments, Newman exports, curl command
    lines, curl's own trace and .http files keep their format. Equal values get equal stand-ins, so that `blastiq
    check` comes to the same verdict. A file that cannot be read or redacted is refused (exit 2), and nothing is
    written.

    For traffic to hosts that are not BlastIQ's, HAR, cassettes and journals keep method, host and size, and the header
    or field in which a secret stood.

    ENVIRONMENTS are those that `check` would be given beside the recording: the values that it uses are written into
    it. An environment can be the RECORDING, too.
    """
    if is_there(output) and is_there(recording) and output.samefile(recording):
        raise click.UsageError(f"{output} is the recording itself; name another file, for this one may be all you have")
    variables: dict[str, str] = {}
    for environment in environments:
        found = read_variables(environment)
        if found is None:
            raise click.UsageError(f"{environment} is not an environment of Postman; give one recording at a time")
        variables |= found
    try:
        text = redacted(recording, variables, keep_foreign=keep_foreign)
    except SourceError as error:
        refuse(str(error))
    write_file(output, text)
