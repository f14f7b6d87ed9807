"""Where a fake that stays up listens, and by which address others call it."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

import click

from fake_idp.http.server import Listener
from fake_idp.server_config import ServerConfig

F = TypeVar("F", bound=Callable[..., object])


def address_options(command: F) -> F:
    """--host, --port and --public-url, each by a variable of the environment as well, for containers."""
    for option in (
        click.option(
            "--public-url",
            "public",
            envvar="BLASTIQ_SERVE_PUBLIC_URL",
            show_envvar=True,
            metavar="URL",
            callback=_read,
            help="Announce this issuer, such as http://blastiq:8080/identity, whatever name it is called by.",
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
            "--host",
            default="127.0.0.1",
            show_default=True,
            envvar="BLASTIQ_SERVE_HOST",
            show_envvar=True,
            help="Other addresses can be reached by others.",
        ),
    ):
        command = option(command)
    return command


def _read(_context: click.Context, _option: click.Parameter, value: str | None) -> SplitResult | None:
    if not value:
        return None
    try:
        url = urlsplit(value)
        right = url.scheme in {"http", "https"} and url.hostname and (url.port or True)
    except ValueError:
        url, right = SplitResult("", "", "", "", ""), False
    if not right or url.query or url.fragment or url.username is not None:
        raise click.BadParameter(f"{value!r}: expected an address such as http://blastiq:8080/identity")
    # The path below which the product always stands (contract.md 1).
    return url._replace(path=url.path.rstrip("/") or "/identity")


def announcing(config: ServerConfig, public: SplitResult | None, *, secured: bool) -> ServerConfig:
    """Let a tenant have that issuer, by whatever name it is called; raises UsageError where the kit does TLS itself."""
    if public is None:
        return config
    if secured:
        raise click.UsageError(
            "--public-url announces what a proxy or a container leads here; leave out --tls, --intercept"
        )
    return replace(config, authority=public.geturl(), api_url=f"{_origin(public)}/api", follow_host=False)


def called(listener: Listener, public: SplitResult | None) -> None:
    """Let a port be told of by the address that is announced."""
    if public is not None:
        listener.origin = _origin(public)


def host_of(public: SplitResult | None) -> tuple[str, ...]:
    """Give the name by which the control surface is called as well."""
    return (public.hostname or "",) if public is not None else ()


def _origin(public: SplitResult) -> str:
    return f"{public.scheme}://{public.netloc}"
