"""Options that several commands share, each with its check."""

from contextlib import suppress
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import click

from blastiq_conformance.editions import CURRENT, edition
from blastiq_conformance.given_file import is_folder
from fake_idp.command_line import Parsed, several
from fake_idp.likeness import Likeness

# Of a file, or of a file or folder, which may be missing: whoever opens it says what is wrong with it.
FILE = click.Path(path_type=Path, dir_okay=False)
PATH = click.Path(path_type=Path)


def named_path(text: str) -> Path:
    """Give a path; as a path, an empty text would be the current folder."""
    if not text:
        raise ValueError("expected the name of a file or folder; it is empty, as a variable of a shell that is not set")
    return Path(text)


def writable(text: str) -> Path:
    """Give a file to write; one that cannot be written is refused now, not after a run of minutes."""
    file = Path(text)
    if not is_folder(file.absolute().parent) or is_folder(file):
        raise ValueError(f"{file} cannot be written: it is a folder, or stands in none")
    try:
        # Such as a name that is too long.
        file.lstat()
    except FileNotFoundError:
        return file
    except OSError as error:
        raise ValueError(f"{file} cannot be written: {error.strerror or error}") from None
    return file


def address(text: str, example: str = "https://www.blastiq.com/identity") -> SplitResult:
    """Read an address of http or https."""
    with suppress(ValueError):
        url = urlsplit(text)
        if url.scheme in {"http", "https"} and url.hostname and url.port != 0:
            return url
    raise ValueError(f"{text!r}: expected an address such as {example}")


def _authority(text: str) -> str:
    address(text)
    return text


def _edition(name: str) -> str:
    edition(name)
    return name


def _likeness(text: str) -> Likeness:
    from blastiq_conformance.config import ConfigError
    from blastiq_conformance.config.likeness import open_likeness
    from blastiq_conformance.sources import SourceError

    try:
        return open_likeness(named_path(text))
    except (ConfigError, SourceError) as error:
        raise ValueError(str(error)) from None


like_option = click.option(
    "--like",
    type=Parsed("FILE", _likeness),
    help="Set the fake up like the authority of this recording, or as `blastiq fidelity --write` wrote it.",
)
profile_option = click.option(
    "--profile",
    type=click.Choice(("article", "strict", "lenient")),
    default="article",
    show_default=True,
    help="Severities: strict turns warnings into errors, lenient lowers what servers forgive.",
)
edition_option = click.option(
    "--edition",
    type=Parsed("YYYY-MM", _edition),
    help=f"Judge by this dated rule set: newer rules inform only. The target's own, or {CURRENT}, unless given.",
)
allow_untested_option = click.option(
    "--allow-untested", is_flag=True, help="Exit 0, not 4, if MUST rules stayed untested."
)

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(("terminal", "json")),
    default="terminal",
    show_default=True,
    help="What is printed on standard output, and nothing else.",
)
listing_option = click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="For people, or for machines: `blastiq schema` prints the schema of the JSON.",
)
authority_option = click.option(
    "--authority",
    type=Parsed("URL", _authority),
    help="The authority of the recording, if it has no discovery document.",
)
tls_options = several(
    click.option("--tls", is_flag=True, help="Over TLS, with certificates of the kit's own."),
    click.option(
        "--intercept",
        is_flag=True,
        help="Over TLS and by production names, through a proxy of the kit's own: nothing leaves the machine.",
    ),
)
