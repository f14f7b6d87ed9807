"""Options that several commands share, each with its check."""

import ipaddress
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

import click

from blastiq_conformance.editions import CURRENT, editions
from blastiq_conformance.given_file import is_folder
from blastiq_conformance.writers import FORMATS
from fake_idp.likeness import Likeness
from fake_idp.oidc.origin import parse_origin

F = TypeVar("F", bound=Callable[..., object])

REPORT_FORMATS = FORMATS


class ReportFile(click.ParamType):  # type: ignore[type-arg]  # click takes an argument from 8.4 on
    """FORMAT=FILE, as in json=blastiq.json."""

    name = "FORMAT=FILE"

    def convert(
        self, value: str | tuple[str, Path], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Path]:
        """Split and check one value; fails as a usage error."""
        if isinstance(value, tuple):
            return value
        form, equals, file = value.partition("=")
        if form not in REPORT_FORMATS or not equals or not file:
            self.fail(f"{value!r}: expected FORMAT=FILE with FORMAT one of {', '.join(REPORT_FORMATS)}", param, ctx)
        return form, demand_place(Path(file))


class NamedPath(click.Path):
    """A path that is not empty: as a path, nothing is the folder that one stands in."""

    def convert(
        self, value: str | PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | PathLike[str]:
        """Refuse it as a usage error."""
        if value == "":
            self.fail(
                "expected the name of a file or folder; it is empty, as a variable of a shell that is not set",
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


def demand_place(file: Path) -> Path:
    """Give a file that is to be written, where it could be: said before a run of minutes, not after it."""
    if not is_folder(file.absolute().parent) or is_folder(file):
        raise click.BadParameter(f"{file} cannot be written: it is a folder, or stands in none")
    try:
        # Such as a name that is too long.
        file.lstat()
    except FileNotFoundError:
        return file
    except OSError as error:
        raise click.BadParameter(f"{file} cannot be written: {error.strerror or error}") from None
    return file


def demand_text(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Refuse a value that is empty: a shell's variable that was not set."""
    if not value.strip():
        raise click.BadParameter("expected a text that is not empty")
    return value


def _demand_hosts(_context: click.Context, _option: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    for name in value:
        if not name.strip() or {*name} & {*"/@ "} or (":" in name and not _is_address(name)):
            raise click.BadParameter(f"{name!r}: expected a host name or an address alone, without scheme and port")
    return value


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def allow_host_option(command: F) -> F:
    """--allow-host."""
    return click.option(
        "--allow-host",
        "allowed_hosts",
        metavar="NAME",
        multiple=True,
        callback=_demand_hosts,
        help="Let the control surface be called by this name too, such as a container's. May be repeated.",
    )(command)


class LikenessFile(NamedPath):
    """A recording of an authority, or what `fidelity --write` made of one: read at once."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it; fails with what is wrong with the file."""
        from blastiq_conformance.config import ConfigError
        from blastiq_conformance.config.likeness import open_likeness
        from blastiq_conformance.sources import SourceError

        if isinstance(value, Likeness):
            return value
        file = Path(str(super().convert(value, param, ctx)))
        try:
            return open_likeness(file)
        except (ConfigError, SourceError) as error:
            self.fail(str(error), param, ctx)


def like_option(command: F) -> F:
    """--like."""
    return click.option(
        "--like",
        metavar="FILE",
        type=LikenessFile(),
        help="Set the fake up like the authority of this recording, or as `blastiq fidelity --write` wrote it.",
    )(command)


def profile_option(command: F) -> F:
    """--profile."""
    return click.option(
        "--profile",
        type=click.Choice(("article", "strict", "lenient")),
        default="article",
        show_default=True,
        help="Severities: strict turns warnings into errors, lenient lowers what servers forgive.",
    )(command)


def edition_option(command: F) -> F:
    """--edition."""
    return click.option(
        "--edition",
        metavar="YYYY-MM",
        callback=_edition,
        help=f"Judge by this dated rule set: newer rules inform only. The target's own, or {CURRENT}, unless given.",
    )(command)


def _edition(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and value not in editions():
        raise click.BadParameter(f"there is no edition {value!r}; known are {', '.join(editions())}")
    return value


def report_options(command: F) -> F:
    """--format, --brief, --report and --allow-untested."""
    for option in (
        click.option("--brief", is_flag=True, help="On the terminal: the rules that failed as a table, and no more."),
        click.option("--allow-untested", is_flag=True, help="Exit 0, not 4, where MUST rules stayed untested."),
        click.option(
            "--report",
            "reports",
            multiple=True,
            type=ReportFile(),
            help=f"Write a report as well: {', '.join(REPORT_FORMATS)}. May be repeated.",
        ),
        click.option(
            "--format",
            "form",
            type=click.Choice(("terminal", "json")),
            default="terminal",
            show_default=True,
            help="What stands on standard output; nothing else does.",
        ),
    ):
        command = option(command)
    return command


def listing_option(command: F) -> F:
    """--format of what is listed."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(("text", "json")),
        default="text",
        show_default=True,
        help="For people, or for machines: `blastiq schema` prints what the JSON is like.",
    )(command)


def form_of(form: str, *, brief: bool) -> str:
    """Give the form of what is printed; raises UsageError where --brief shortens what no person reads."""
    if brief and form != "terminal":
        raise click.UsageError(f"--brief shortens the text for the terminal; leave it out, or --format {form}")
    return "brief" if brief else form


def client_id_option(command: F) -> F:
    """--client-id."""
    return click.option(
        "--client-id",
        default="external.customer",
        show_default=True,
        callback=demand_text,
        help="The client id that Support gave you, where it is another (article A20).",
    )(command)


def allow_origin_option(command: F) -> F:
    """--allow-origin."""
    return click.option(
        "--allow-origin",
        "origins",
        multiple=True,
        metavar="ORIGIN",
        callback=_origins,
        help="Pages of this origin may read answers (CORS), where BlastIQ promised you that. May be repeated.",
    )(command)


def _origins(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(parse_origin(origin) for origin in given)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def tls_options(command: F) -> F:
    """--tls and --intercept."""
    for option in (
        click.option(
            "--intercept",
            is_flag=True,
            help="Over TLS and by production names, through a proxy of the kit's own: nothing leaves the machine.",
        ),
        click.option("--tls", is_flag=True, help="Over TLS, with certificates of the kit's own."),
    ):
        command = option(command)
    return command


def attended_option(command: F) -> F:
    """--attended."""
    return click.option("--attended", is_flag=True, help="A person signs in with a browser (article A2).")(command)
