"""`blastiq example`: a complete correct client, to start from or to compare with."""

from pathlib import Path

import click

from blastiq_conformance import given_file
from blastiq_conformance.cli.output import show, tell
from blastiq_conformance.cli.targets import ConfigFault
from blastiq_conformance.programs import EXAMPLES, PROGRAMS


@click.command()
@click.option("--into", "folder", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False), help="Write it.")
@click.argument("language", type=click.Choice([*PROGRAMS]))
def example(folder: Path | None, language: str) -> None:
    """Print a program that signs in and calls the API as the article demands, or write it into a folder.

    It reads what `blastiq run` puts into the environment; the kit's own tests run it.
    """
    text = given_file.read_text(EXAMPLES / PROGRAMS[language])
    if folder is None:
        show(text)
        return
    file = folder / PROGRAMS[language]
    if given_file.is_there(file):
        raise ConfigFault(f"{file} exists, and was left as it is; name another folder, or remove it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigFault(f"{file} cannot be written: {error.strerror or error}") from None
    tell(f"Wrote {file}.")
