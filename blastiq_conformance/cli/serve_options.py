"""Options of `serve` alone: where it listens, by which address others call it, who may sign in."""

from dataclasses import replace
from urllib.parse import SplitResult

import click

from blastiq_conformance.cli.options import Parsed, address, several
from blastiq_conformance.runner.way import origin
from fake_idp.console import parse_user, read_users
from fake_idp.server_config import ServerConfig

_EXAMPLE = "http://blastiq:8080/identity"


def _issuer(text: str) -> SplitResult:
    url = address(text, _EXAMPLE)
    if url.query or url.fragment or url.username is not None:
        raise ValueError(f"{text!r}: expected an address such as {_EXAMPLE}, without user, query and fragment")
    # The path below which the product always stands (contract.md 1).
    return url._replace(path=url.path.rstrip("/") or "/identity")


# Each is a variable of the environment as well, for containers.
address_options = several(
    click.option(
        "--host",
        default="127.0.0.1",
        show_default=True,
        envvar="BLASTIQ_SERVE_HOST",
        show_envvar=True,
        help="Any other address can be reached by other machines.",
    ),
    click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=0,
        envvar="BLASTIQ_SERVE_PORT",
        show_envvar=True,
        help="0 takes any free one (default).",
    ),
    click.option(
        "--public-url",
        "public",
        envvar="BLASTIQ_SERVE_PUBLIC_URL",
        show_envvar=True,
        type=Parsed("URL", _issuer),
        help=f"Announce this issuer, such as {_EXAMPLE}, whatever name it is called by.",
    ),
)
# --user and --user-file: Service Users on the command line, and better not there.
user_options = several(
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
)


def announcing(config: ServerConfig, public: SplitResult | None, *, secured: bool) -> ServerConfig:
    """Fix the issuer to the announced one, by whatever name it is called; raises UsageError if the kit does TLS."""
    if public is None:
        return config
    if secured:
        raise click.UsageError(
            "--public-url announces what a proxy or a container leads here; leave out --tls, --intercept"
        )
    return replace(config, authority=public.geturl(), api_url=f"{origin(public.geturl())}/api", follow_host=False)
