"""Journals read back from their lines."""

from fake_idp.journal import Connection, Exchange, Journal
from fake_idp.journal.jsonl import read_lines
from fake_idp.secrets.search import Secret


def from_jsonl(text: str) -> Journal:
    """Read entries and issued secrets into one journal, without the facts; raises JournalError."""
    journal = Journal()
    for record in read_lines(text.split("\n")):
        match record:
            case Secret():
                journal.issue(record)
            case Exchange() | Connection():
                journal.append(record)
    return journal
