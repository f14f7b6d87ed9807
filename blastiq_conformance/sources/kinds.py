"""What kind of recording a file is, told by what it begins with, and the reader for it."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.sources import cassette, har, recording
from blastiq_conformance.sources.content import decoded, head, opened, text
from blastiq_conformance.sources.json_text import parse_json
from blastiq_conformance.sources.source_error import READABLE, SourceError

_JOURNAL_MEMBERS = frozenset({"journal", "facts", "issued", "exchange", "connection"})
_JOURNAL = re.compile(rf'[\s\ufeff]*\{{\s*"(?:{"|".join(sorted(_JOURNAL_MEMBERS))})"\s*:')
_HAR = re.compile(r'\{\s*"log"\s*:')


def read(
    path: Path, client_id: str | None, authority: str | None, variables: Mapping[str, str]
) -> tuple[Evidence, ...]:
    """Read a file of any known kind; raises SourceError."""
    file = str(path)
    start = head(path)
    content = text(path)
    if content is None:
        return _read_large(path, start, client_id, authority)
    if start.startswith(("{", "[")):
        return _read_json(file, start, content, client_id, authority)
    return (cassette.read_yaml(file, content, client_id, authority),)


def _read_large(path: Path, start: str, client_id: str | None, authority: str | None) -> tuple[Evidence, ...]:
    file = str(path)
    if _is_journal(start):
        with opened(path) as stream:
            lines = (decoded(file, line) for line in stream)
            return recording.read_lines(file, lines, client_id, authority)
    if _HAR.match(start):
        with opened(path) as stream:
            return (har.read_stream(file, stream, client_id, authority),)
    raise SourceError(file, "", "larger than 64 MiB", "cut the recording down to the sign-in")


def _read_json(
    file: str, start: str, content: str, client_id: str | None, authority: str | None
) -> tuple[Evidence, ...]:
    if _is_journal(start):
        return recording.read(file, content, client_id, authority)
    match parse_json(file, content):
        case {"log": dict() as log}:
            return (har.read(file, log, client_id, authority),)
        case {"interactions": list() as interactions}:
            return (cassette.read_interactions(file, interactions, client_id, authority),)
        case parsed:
            names = ", ".join(map(repr, list(parsed)[:5])) if isinstance(parsed, dict) else "no members"
            raise SourceError(file, "", f"JSON of an unknown kind, its top has {names}", f"give {READABLE}")


def _is_journal(start: str) -> bool:
    # A journal that begins with a broken line is still told by its beginning, so that the line can be named.
    if _JOURNAL.match(start):
        return True
    first, _, rest = start.partition("\n")
    if not rest:
        return False
    try:
        parsed = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(parsed, dict) and not _JOURNAL_MEMBERS.isdisjoint(parsed)
