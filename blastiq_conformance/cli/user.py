"""--user: a Service User on the command line."""

import click

from fake_idp.console import parse_user
from fake_idp.tenant import ServiceUser


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
