"""--user and --user-file: Service Users on the command line, and better not there."""

import click

from blastiq_conformance.cli.options import Parsed, several
from fake_idp.console import parse_user, read_users

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
