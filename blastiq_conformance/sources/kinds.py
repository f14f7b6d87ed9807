"""The kind of a recording, recognised by its beginning, and the reader for it."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.sources import cassette, curl, curl_trace, har, http_file, newman, postman, recording
from blastiq_conformance.sources.content import head, lines, opened, text
from blastiq_conformance.sources.environment import variables_beside
from blastiq_conformance.sources.json_text import parse_json
from blastiq_conformance.sources.recorded import Message, to_evidence
from blastiq_conformance.sources.source_error import READABLE, SourceError
from fake_idp.wire import Json

_JOURNAL_MEMBERS = frozenset({"journal", "facts", "issued", "exchange", "connection"})
_JOURNAL = re.compile(rf'\{{\s*"(?:{"|".join(sorted(_JOURNAL_MEMBERS))})"\s*:')
_HAR = re.compile(r'\{\s*"log"\s*:')
_JSON = re.compile(r'"(?:log|interactions|http_interactions|item|collection|run)"\s*:')
_TEXTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("cassette", re.compile(r"^(?:http_)?interactions\s*:", re.MULTILINE)),
    ("curl trace", curl_trace.BEGINNING),
    ("curl", curl.BEGINNING),
    (".http", http_file.BEGINNING),
)


def kind_of(path: Path) -> str | None:
    """Name the kind; None where it is unknown or the file cannot be read."""
    try:
        return _kind(head(path))
    except SourceError:
        return None


def is_recording(path: Path) -> bool:
    """Whether the file begins like one of the known kinds; it may still be broken."""
    return kind_of(path) is not None


def _kind(start: str) -> str | None:
    if _is_journal(start):
        return "journal"
    if start.startswith(("{", "[")):
        return "JSON" if _JSON.search(start) else None
    return next((name for name, beginning in _TEXTS if beginning.search(start)), None)


def _is_journal(start: str) -> bool:
    # A journal whose first line is broken is still recognised by its beginning, so that the error can name the line.
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


def read(
    path: Path,
    *,
    client_id: str | None = None,
    authority: str | None = None,
    variables: Mapping[str, str] | None = None,
) -> tuple[Evidence, ...]:
    """Read a file of any known kind; a journal may hold several scenarios, each an Evidence. Raises SourceError.

    `variables` are those of an environment, for files that say what would be sent.
    """
    file, start = str(path), head(path)
    if not start:
        raise SourceError(file, "", "nothing is in it", f"record a sign-in and give {READABLE}")
    kind, content = _kind(start), text(path)
    if content is None:
        with opened(path) as stream:
            if kind == "journal":
                return recording.read_lines(file, lines(file, stream), client_id, authority)
            if not _HAR.match(start):
                raise SourceError(file, "", "larger than 64 MiB", "cut the recording down to the sign-in")
            messages = har.read_stream(file, stream)
    elif kind == "journal":
        return recording.read(file, content, client_id, authority)
    elif start.startswith(("{", "[")):
        messages = _from_json(file, parse_json(file, content), variables or {})
    else:
        messages = _from_text(path, kind, content, variables or {})
    return (to_evidence(messages, client_id, authority),)


def _from_text(path: Path, kind: str | None, content: str, variables: Mapping[str, str]) -> list[Message]:
    file = str(path)
    match kind:
        case "curl":
            return curl.read(file, content, variables)
        case "curl trace":
            return curl_trace.read(file, content)
        case ".http":
            return http_file.read(file, content, variables_beside(path) | dict(variables))
        case _:
            # Anything else is usually not YAML either, which the YAML reader will say.
            return cassette.read_yaml(file, content)


def _from_json(file: str, parsed: Json, variables: Mapping[str, str]) -> list[Message]:
    match parsed:
        case {"log": dict() as log}:
            return har.read(file, log)
        case {"interactions": list() as interactions} | {"http_interactions": list() as interactions}:
            return cassette.read_interactions(file, interactions)
        case {"run": dict() as run}:
            return newman.read(file, run)
        case {"info": dict(), "item": list()} if isinstance(parsed, dict):
            return postman.read(file, parsed, variables)
        # The form of Postman's own API.
        case {"collection": dict() as collection} if "item" in collection:
            return postman.read(file, collection, variables)
        case _:
            names = ", ".join(map(repr, list(parsed)[:5])) if isinstance(parsed, dict) else "no members"
            raise SourceError(file, "", f"JSON of an unknown kind, its top has {names}", f"give {READABLE}")
