"""The files of `serve`: the journal of what it saw, and the ready file, which is removed when it ends."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import click

from blastiq_conformance.cli.live import link
from blastiq_conformance.cli.output import say
from blastiq_conformance.cli.secured import Secured
from blastiq_conformance.evidence import Facts
from fake_idp.console import write_ready
from fake_idp.http.server import Listener
from fake_idp.journal import Entry, Journal
from fake_idp.journal.journal_file import JournalFile
from fake_idp.journal.jsonl import Opening, Record
from fake_idp.secrets.redact import Secret
from fake_idp.server_config import ServiceUser
from fake_idp.wire import Json

_TOLD = ("scenario", "client_id", "username", "password", "authority", "api_calls", "flow", "typed")


def records(facts: Facts, issued: Iterable[Secret], entries: Iterable[Entry]) -> Iterator[Record]:
    """Give the records of a journal file: the facts by which it can be judged, issued secrets, entries."""
    yield Opening()
    yield Opening(facts=_told(facts))
    yield from issued
    yield from entries


def open_journal(
    stack: ExitStack, path: Path | None, journal: Journal, facts: Facts, write: Callable[[Record], str]
) -> JournalFile | None:
    """Keep the journal in a file, if one is asked for; raises UsageError if it cannot be written."""
    if path is None:
        return None

    def tell(error: OSError) -> None:
        why = error.strerror or error
        say(f"the journal {path} cannot be written any more: {why}; what follows is judged, and not kept")

    try:
        file = JournalFile(path, journal, facts=_told(facts), write=write, on_failure=tell)
    except OSError as error:
        raise click.UsageError(f"the journal {path} cannot be written: {error.strerror or error}") from None
    return stack.enter_context(file)


def announce(
    stack: ExitStack, path: Path, listener: Listener, user: ServiceUser, token: str, secured: Secured | None
) -> None:
    """Write the ready file, which is removed with the stack; raises UsageError if it cannot be written."""
    try:
        told = {"control_token": token, "page": link(listener, token)}
        write_ready(path, listener, user, told | (secured.members if secured else {}))
    except OSError as error:
        raise click.UsageError(f"the ready file {path} cannot be written: {error.strerror or error}") from None
    stack.callback(path.unlink, missing_ok=True)


def _told(facts: Facts) -> dict[str, Json]:
    return {name: value for name, value in asdict(facts).items() if name in _TOLD}
