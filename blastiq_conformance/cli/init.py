"""`blastiq init`: writes a commented blastiq.toml, after asking or from flags."""

import re
import shlex
from pathlib import Path

import click

from blastiq_conformance.cli.output import tell
from blastiq_conformance.cli.targets import ConfigFault, demand_startable
from blastiq_conformance.config import DEFAULT
from blastiq_conformance.config.draft import draft, guess
from blastiq_conformance.given_file import is_there
from blastiq_conformance.runner.target import Target
from fake_idp.system.plain_text import plain
from fake_idp.system.whole_file import write_whole


@click.command()
@click.option("--yes", is_flag=True, help=f"Ask nothing: take what the folder suggests, and overwrite a {DEFAULT}.")
@click.option("--command", "line", metavar="CMD", help="How the integration is started, quoted as one word.")
def init(yes: bool, line: str | None) -> None:
    """Write a blastiq.toml for the integration in this folder, so that `blastiq run` is all that has to be typed."""
    file = Path(DEFAULT)
    if is_there(file) and not yes and not _ask_to_overwrite():
        raise ConfigFault(f"{DEFAULT} exists, and was left as it is; --yes overwrites it")
    found = guess(Path())
    if found.sign:
        tell(f"{found.sign}: this looks like {found.language}.")
    command = _split(line) if line is not None else found.command
    name, client_id, service = _name(Path.cwd().name), Target(command=command).client_id, False
    if not yes:
        try:
            name = click.prompt("Name of the integration", default=name, value_proc=_checked_name)
            if line is None:
                usual = shlex.join(command)
                asked = plain(f"How it is started [{usual}]")
                command = click.prompt(asked, default=usual, show_default=False, value_proc=_split)
            client_id = click.prompt("Its client id", default=client_id)
            service = click.confirm("Does it stay up until it is stopped", default=False)
        except click.Abort:
            raise ConfigFault("not every question was answered; nothing was written. --yes asks none") from None
    try:
        write_whole(file, draft(name=name, command=command, client_id=client_id, service=service).encode())
    except UnicodeEncodeError:
        raise ConfigFault(
            f"{shlex.join(command)} is not text in UTF-8, as all of {DEFAULT} is; name it otherwise"
        ) from None
    except OSError as error:
        raise ConfigFault(f"{DEFAULT} cannot be written here: {error.strerror or error}") from None
    tell(f"Wrote {DEFAULT}: it starts {shlex.join(command)}. Read it through, then: blastiq run")


def _ask_to_overwrite() -> bool:
    try:
        return click.confirm(f"{DEFAULT} exists. Overwrite it")
    except click.Abort:
        return False


def _split(line: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(line))
    except ValueError as error:
        raise click.UsageError(f"the command cannot be split into words: {error}; close what is quoted") from None
    if not words or not words[0]:
        raise click.UsageError("the command is empty; name a program, such as --command 'node app.js'")
    demand_startable(words)
    return words


def _name(folder: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", folder).strip("._-") or "default"


def _checked_name(text: str) -> str:
    if _name(text) != text:
        raise click.UsageError("a name has letters, digits, dots, hyphens and underscores, and begins with a letter")
    return text
