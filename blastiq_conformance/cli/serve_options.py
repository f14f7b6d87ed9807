"""The options of `serve` for the names by which others call it."""

from contextlib import suppress
from dataclasses import replace
from ipaddress import ip_address
from urllib.parse import SplitResult

import click

from blastiq_conformance.cli.options import address
from blastiq_conformance.runner.way import origin
from fake_idp.command_line import Parsed
from fake_idp.server_config import ServerConfig

_EXAMPLE = "http://blastiq:8080/identity"


def _issuer(text: str) -> SplitResult:
    url = address(text, _EXAMPLE)
    if url.query or url.fragment or url.username is not None:
        raise ValueError(f"{text!r}: expected an address such as {_EXAMPLE}, without user, query and fragment")
    # The path below which the product always stands (contract.md 1).
    return url._replace(path=url.path.rstrip("/") or "/identity")


def _host(name: str) -> str:
    if name.strip() and not {*name} & {*"/@ "}:
        with suppress(ValueError):
            if ":" in name:
                ip_address(name)
            return name
    raise ValueError(f"{name!r}: expected a host name or an address alone, without scheme and port")


public_url_option = click.option(
    "--public-url",
    "public",
    envvar="BLASTIQ_SERVE_PUBLIC_URL",
    show_envvar=True,
    type=Parsed("URL", _issuer),
    help=f"Announce this issuer, such as {_EXAMPLE}, whatever name it is called by.",
)
allow_host_option = click.option(
    "--allow-host",
    "allowed_hosts",
    multiple=True,
    type=Parsed("NAME", _host),
    help="Accept this name for the control surface too, such as a container's. May be repeated.",
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
