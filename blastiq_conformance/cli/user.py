"""--user and --user-file: Service Users on the command line, and better not there."""

from collections.abc import Callable
from typing import TypeVar

import click

from fake_idp.console import parse_user
from fake_idp.server_config import ServiceUser
from fake_idp.user_file import read_users

F = TypeVar("F", bound=Callable[..., object])


class User(click.ParamType):  # type: ignore[type-arg]  # click takes an argument from 8.4 on
    """NAME:PASSWORD[:SITE]."""

    name = "NAME:PASSWORD[:SITE]"

    def convert(
        self, value: str | ServiceUser, param: click.Parameter | None, ctx: click.Context | None
    ) -> ServiceUser:
        """Read one user; fails as a usage error that repeats no password."""
        if isinstance(value, ServiceUser):
            return value
        try:
            return parse_user(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class UserFile(click.ParamType[tuple[ServiceUser, ...]]):
    """A file with a line NAME:PASSWORD[:SITE] for each user; - is standard input."""

    name = "FILE"

    def convert(
        self, value: str | tuple[ServiceUser, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[ServiceUser, ...]:
        """Read the users; fails as a usage error that repeats no password."""
        if isinstance(value, tuple):
            return value
        try:
            return read_users(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def user_options(command: F) -> F:
    """--user and --user-file."""
    for option in (
        click.option(
            "--user-file",
            "listed",
            type=UserFile(),
            default=(),
            help="Service Users, a line NAME:PASSWORD[:SITE] each; - reads standard input.",
        ),
        click.option(
            "--user",
            "users",
            multiple=True,
            type=User(),
            help="A Service User; a random one unless given. Whoever is on this machine sees the password in the list "
            "of processes, and a shell keeps it in its history: give one that opens anything by --user-file.",
        ),
    ):
        command = option(command)
    return command
