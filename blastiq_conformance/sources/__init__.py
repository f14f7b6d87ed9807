"""Recorded traffic as evidence; what a file is, is told by its content, never by its name."""

import json
from collections import Counter
from pathlib import Path
from typing import cast

from blastiq_conformance.evidence import Evidence
from fake_idp.wire import Json

_READABLE = "a journal of `blastiq serve --journal`, a HAR 1.2 file, or a vcrpy cassette (YAML or JSON)"
_JOURNAL_MEMBERS = frozenset({"journal", "facts", "issued", "exchange", "connection"})
# A recording of a sign-in is small; what is larger than this is a mistake, and would be held in memory whole.
_LIMIT = 512 * 1024 * 1024


class SourceError(Exception):
    """A file that cannot be read as evidence: which file, the place in it, what is wrong and what to do."""

    def __init__(self, file: str, place: str, what: str, advice: str) -> None:
        """Put the four parts into one line."""
        self.file, self.place, self.what, self.advice = file, place, what, advice
        super().__init__(f"{file}{', ' if place else ''}{place}: {what}; {advice}")


def read(path: Path, *, client_id: str | None = None, authority: str | None = None) -> tuple[Evidence, ...]:
    """Read a file of any known kind; a journal may hold several scenarios, each an Evidence. Raises SourceError."""
    text = _text(path)
    if text.lstrip().startswith("{"):
        return _read_json(str(path), text, client_id, authority)
    from blastiq_conformance.sources import cassette  # a source imports this module's error

    return (cassette.read_yaml(str(path), text, client_id, authority),)


def _read_json(file: str, text: str, client_id: str | None, authority: str | None) -> tuple[Evidence, ...]:
    from blastiq_conformance.sources import cassette, har, recording  # as above

    if _is_journal(text):
        return recording.read(file, text, client_id, authority)
    match parse_json(file, text):
        case {"log": dict() as log}:
            return (har.read(file, log, client_id, authority),)
        case {"interactions": list() as interactions}:
            return (cassette.read_interactions(file, interactions, client_id, authority),)
        case parsed:
            names = ", ".join(map(repr, list(parsed)[:5])) if isinstance(parsed, dict) else "no members"
            raise SourceError(file, "", f"JSON of an unknown kind, its top has {names}", f"give {_READABLE}")


def _is_journal(text: str) -> bool:
    first = text.lstrip().partition("\n")[0]
    try:
        parsed = json.loads(first)
    except (ValueError, RecursionError):
        # A journal that begins with a broken line is still told by its beginning, so that the line can be named.
        return first.replace(" ", "").startswith(tuple(f'{{"{name}":' for name in _JOURNAL_MEMBERS))
    return isinstance(parsed, dict) and not _JOURNAL_MEMBERS.isdisjoint(parsed)


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise SourceError(str(path), "", "a directory", "name the files in it")
        if path.stat().st_size > _LIMIT:
            raise SourceError(str(path), "", "larger than 512 MiB", "cut the recording down to the sign-in")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SourceError(str(path), "", f"cannot be read ({reason})", f"give {_READABLE}") from None
    except UnicodeDecodeError as error:
        raise SourceError(
            str(path), f"byte {error.start}", "not UTF-8 text", f"save it as UTF-8, or give {_READABLE}"
        ) from None


def parse_json(file: str, text: str) -> Json:
    """Parse JSON as RFC 8259 has it: no NaN, no member twice; raises SourceError with the line."""
    try:
        return cast("Json", json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse))
    except json.JSONDecodeError as error:
        place, what = f"line {error.lineno}, column {error.colno}", f"broken JSON ({error.msg})"
        advice = "export it again; it may have been cut off"
    except RecursionError:
        place, what, advice = "", "JSON nested too deeply", "export the traffic again, from another tool"
    except ValueError as error:
        place, what, advice = "", f"broken JSON ({error})", "export the traffic again, from another tool"
    raise SourceError(file, place, what, advice)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise ValueError(f"the member {twice[:60]!r} stands twice in one object")
    return members


def _refuse(word: str) -> Json:
    raise ValueError(f"{word} is no JSON number")
