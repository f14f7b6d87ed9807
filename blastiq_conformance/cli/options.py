"""Options that several commands share, each with its check."""

import ipaddress
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import click

from blastiq_conformance.editions import CURRENT, edition
from blastiq_conformance.given_file import is_folder
from fake_idp.likeness import Likeness
from fake_idp.oidc.cors import parse_origin

F = TypeVar("F", bound=Callable[..., object])


# Of a file, or of a file or folder, which may be missing: whoever opens it says what is wrong with it.
FILE = click.Path(path_type=Path, dir_okay=False)
PATH = click.Path(path_type=Path)


class Parsed(click.ParamType):  # type: ignore[type-arg]  # click takes an argument from 8.4 on
    """A value that a function makes of a text; its ValueError becomes the usage error, which quotes no password."""

    def __init__(self, name: str, parse: Callable[[str], object]) -> None:
        """Name the value as help shows it."""
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> object:
        """Parse one value; a default passes as it is."""
        if not isinstance(value, str):
            return value
        try:
            return self._parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def several(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Make one decorator of several options, which help lists in this order."""

    def decorate(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


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


def _client_id(text: str) -> str:
    if not text.strip():
        raise ValueError("expected a text that is not empty")
    return text


def _host(name: str) -> str:
    if not name.strip() or {*name} & {*"/@ "} or (":" in name and not _is_ip_address(name)):
        raise ValueError(f"{name!r}: expected a host name or an address alone, without scheme and port")
    return name


def _is_ip_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


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


allow_host_option = click.option(
    "--allow-host",
    "allowed_hosts",
    multiple=True,
    type=Parsed("NAME", _host),
    help="Accept this name for the control surface too, such as a container's. May be repeated.",
)
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


def _format(usual: str, told: str) -> Callable[[F], F]:
    return click.option(
        "--format", "form", type=click.Choice((usual, "json")), default=usual, show_default=True, help=told
    )


format_option = _format("terminal", "What is printed on standard output, and nothing else.")
listing_option = _format("text", "For people, or for machines: `blastiq schema` prints the schema of the JSON.")
client_id_option = click.option(
    "--client-id",
    type=Parsed("TEXT", _client_id),
    default="external.customer",
    show_default=True,
    help="The client id that Support gave you, if it is another (article A20).",
)
allow_origin_option = click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    type=Parsed("ORIGIN", parse_origin),
    help="Let pages of this origin read answers (CORS), if BlastIQ has allowed you that. May be repeated.",
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
attended_option = click.option("--attended", is_flag=True, help="A person signs in with a browser (article A2).")
