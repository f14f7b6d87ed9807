"""The options of the programs that run a fake, `python -m fake_idp` and `blastiq serve`, each with its check."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from fake_idp.oidc.attempt import MAX_LENGTH
from fake_idp.oidc.cors import parse_origin
from fake_idp.server_config import Flavour, Mode, ServerConfig, ServiceUser

F = TypeVar("F", bound=Callable[..., object])

STANDARD_INPUT = "-"
# A test has a handful of users, not a directory of them.
_LARGEST = 1 << 20


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


def parse_user(text: str) -> ServiceUser:
    """Read NAME:PASSWORD[:SITE]. A password that holds a colon needs the site, or a colon at the end, after it.

    Raises:
        ValueError: no name or no password, or one that the product refuses; the text never repeats the password.
    """
    name, colon, rest = text.partition(":")
    password, site = rest, ""
    if ":" in rest:
        password, _, site = rest.rpartition(":")
    if not name.strip() or not colon or not password.strip():
        raise ValueError("expected NAME:PASSWORD or NAME:PASSWORD:SITE, with neither name nor password blank")
    if max(len(name), len(password)) > MAX_LENGTH:
        raise ValueError(
            f"expected a name and a password of at most {MAX_LENGTH} characters each: the product refuses longer ones"
        )
    user = ServiceUser(username=name, password=password)
    return replace(user, site=site) if site else user


# Every user of the machine can see a password on a command line.
def read_users(file: str) -> tuple[ServiceUser, ...]:
    """Read a line NAME:PASSWORD[:SITE] for each user; empty lines and those that begin with # are skipped.

    Raises:
        ValueError: it cannot be read, or holds no user; the text names the line and never repeats it.
    """
    name = "standard input" if file == STANDARD_INPUT else file
    try:
        text = _content(file).decode("utf-8-sig")
    except OSError as error:
        raise ValueError(f"{name} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ValueError(f"{name} is not text in UTF-8; write the users anew, one NAME:PASSWORD a line") from None
    users = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            try:
                users.append(parse_user(line))
            except ValueError as error:
                raise ValueError(f"{name}, line {number}: {error}") from None
    if not users:
        raise ValueError(f"{name} holds no user; expected a line NAME:PASSWORD or NAME:PASSWORD:SITE for each")
    return tuple(users)


def _content(file: str) -> bytes:
    if file == STANDARD_INPUT:
        content = sys.stdin.buffer.read(_LARGEST + 1)
    else:
        with Path(file).open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise OSError("it is larger than 1 MiB, which no list of users is")
    return content


def _client_id(text: str) -> str:
    if not text.strip() or len(text) > MAX_LENGTH:
        raise ValueError(f"expected 1 to {MAX_LENGTH} characters, not all blank: the product takes no other")
    return text


client_id_option = click.option(
    "--client-id",
    type=Parsed("TEXT", _client_id),
    default=ServerConfig().client_id,
    show_default=True,
    help="The client id that Support gave you, if it is another (article A20).",
)
attended_option = click.option("--attended", is_flag=True, help="A person signs in with a browser (article A2).")
allow_origin_option = click.option(
    "--allow-origin",
    "origins",
    multiple=True,
    type=Parsed("ORIGIN", parse_origin),
    help="Let pages of this origin read answers (CORS), if BlastIQ has allowed you that. May be repeated.",
)


def fake_options(variables: str = "") -> Callable[[F], F]:
    """Give all options of a fake; host and port are environment variables as well, whose names begin like this."""
    return several(
        click.option(
            "--host",
            default="127.0.0.1",
            show_default=True,
            envvar=f"{variables}_HOST" if variables else None,
            show_envvar=True,
            help="Any other address can be reached by other machines.",
        ),
        click.option(
            "--port",
            type=click.IntRange(0, 65535),
            default=0,
            envvar=f"{variables}_PORT" if variables else None,
            show_envvar=True,
            help="0 takes any free one (default).",
        ),
        click.option(
            "--mode",
            type=click.Choice([mode.value for mode in Mode]),
            default="mimic",
            show_default=True,
            help="Answer as BlastIQ does, or refuse what the article forbids.",
        ),
        click.option(
            "--flavour",
            type=click.Choice([flavour.value for flavour in Flavour]),
            default="is4",
            show_default=True,
            help="Product to imitate.",
        ),
        click.option(
            "--user",
            "users",
            multiple=True,
            type=Parsed("NAME:PASSWORD[:SITE]", parse_user),
            help="A Service User; a random one unless given. Whoever is on this machine sees the password in the list "
            "of processes, and a shell keeps it in its history: give one that opens anything by --user-file.",
        ),
        click.option(
            "--user-file",
            "listed",
            type=Parsed("FILE", read_users),
            default=(),
            help="Service Users, a line NAME:PASSWORD[:SITE] each; - reads standard input.",
        ),
        client_id_option,
        attended_option,
        allow_origin_option,
        click.option(
            "--ready-file",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Written once the port answers, for its owner alone: JSON with its addresses and the first user.",
        ),
    )
