"""What `serve` tells while it runs: on the terminal, to the live page, and in its files, journal and ready file."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

import click

from blastiq_conformance.cli.output import say, tell
from blastiq_conformance.control.shown import Shown
from blastiq_conformance.evidence import Facts
from blastiq_conformance.scenarios import Need, scenarios
from blastiq_conformance.writers.finding_text import WORDS
from fake_idp.classify import Kind
from fake_idp.http.server import Listener
from fake_idp.journal import Entry, Journal
from fake_idp.journal.journal_file import JournalFile
from fake_idp.journal.jsonl import Opening, Record
from fake_idp.secrets.search import Secret
from fake_idp.wire import Json

_TOLD = ("scenario", "client_id", "username", "password", "authority", "api_calls", "flow", "typed")


def greeting(listener: Listener, facts: Facts, has: frozenset[Need]) -> dict[str, Json]:
    """Say where the fake is, and which scenarios it can take: those of its flow whose needs it meets."""
    needs = {Need.ATTENDED} if facts.flow == "attended" else {None, *has}
    return {
        "authority": facts.authority,
        "api": listener.api_url,
        "client": facts.client_id,
        "endpoints": [str(kind) for kind in Kind],
        "scenarios": [
            {"name": f"{scenario.slug}/{variant.name}".rstrip("/"), "done": scenario.done}
            for scenario in scenarios().values()
            if scenario.needs in needs
            for variant in scenario.variants
        ],
    }


def link(listener: Listener, token: str) -> str:
    """Give the address of the page with the token behind the #, so that no browser sends it."""
    return f"{listener.origin}/#{token}"


def page_text(listener: Listener, token: str) -> tuple[str, ...]:
    """Say where the page is; only a person at a terminal is shown the token, not a log that others read."""
    what = "Watch it in a browser, and tell it what to do"
    if sys.stdout.isatty():
        return f"{what} (the control token is what follows the #):", f"  {link(listener, token)}", ""
    return f"{what}, by the link that --ready-file writes as `page`:", f"  {listener.origin}/", ""


def tell_arrivals(arrivals: Sequence[Shown]) -> None:
    """Print the new requests, each with its findings."""
    for shown in arrivals:
        tell(f"{shown.number:>3}  {shown.line}")
        for finding in shown.findings:
            tell(f"       {WORDS[finding.severity].text:<5} {finding.rule} {finding.message}")
            for name in ("received", "expected", "fix"):
                tell(f"             {name:<10} {getattr(finding, name)}")


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

    def report(error: OSError) -> None:
        why = error.strerror or error
        say(f"the journal {path} cannot be written any more: {why}; what follows is judged, and not kept")

    try:
        file = JournalFile(path, journal, facts=_told(facts), write=write, on_failure=report)
    except OSError as error:
        raise click.UsageError(f"the journal {path} cannot be written: {error.strerror or error}") from None
    return stack.enter_context(file)


def _told(facts: Facts) -> dict[str, Json]:
    return {name: value for name, value in asdict(facts).items() if name in _TOLD}
