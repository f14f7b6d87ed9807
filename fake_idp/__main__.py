"""`python -m fake_idp`: a fake BlastIQ identity server that stays up until it is told to end."""

import gc
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import click

from fake_idp.command_line import fake_options
from fake_idp.console import announce, random_user, reach_warning, refusal, set_up, start_text
from fake_idp.core import FakeIdp
from fake_idp.http.server import Server
from fake_idp.journal import Journal
from fake_idp.server_config import ServiceUser, for_people
from fake_idp.system.fault_trace import guard
from fake_idp.system.outlet import open_outlets
from fake_idp.system.stop_signals import heed

_STOPPED_BY = 128
# A request leaves no cycles behind: looking for some after each twenty requests, as is the default, takes a sixth of
# the time of a request.
_NEW_OBJECTS = 50_000


@click.command(
    epilog="It ends with 0 after SIGTERM, 130 after Ctrl-C, 128 and its number after another signal, "
    "2 where options, address or ready file are wrong."
)
@fake_options()
def main(
    host: str,
    port: int,
    users: tuple[ServiceUser, ...],
    listed: tuple[ServiceUser, ...],
    attended: bool,
    ready_file: Path | None,
    **setting: Any,
) -> None:
    """Run a fake BlastIQ identity server for tests; it calls nobody."""
    # This program offers no way to ask for its journal.
    journal, given = Journal(keep=0), (*users, *listed)
    people = given or (random_user(journal),)
    config = set_up(people, host, **setting)
    # Not an Event with a code beside it: a queue may be written by a signal's handler at any moment.
    ends: SimpleQueue[int] = SimpleQueue()
    # Whoever is done with a server sends SIGTERM: it has done its work.
    heed(lambda number, _: ends.put(0 if number == signal.SIGTERM else _STOPPED_BY + number))
    with ExitStack() as stack:
        server = stack.enter_context(Server(host=host))
        try:
            listener = server.serve(FakeIdp(for_people(config) if attended else config, journal=journal), port=port)
        except OSError as error:
            raise refusal(error, host, port) from None
        if warning := reach_warning(host):
            click.echo(warning, err=True)
        click.echo(start_text(listener, people[0], given=bool(given)))
        if ready_file is not None:
            announce(stack, ready_file, listener, people[0])
        code = ends.get()
    sys.exit(code)


if __name__ == "__main__":
    guard()
    open_outlets()
    gc.set_threshold(_NEW_OBJECTS)
    main(prog_name="python -m fake_idp")
