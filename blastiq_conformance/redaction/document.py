"""A recording without its secrets, in the format that it came in: HAR, cassettes of VCR, the kit's own journal."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from blastiq_conformance.evidence import Evidence
from blastiq_conformance.facts import Facts
from blastiq_conformance.redaction import Redaction
from blastiq_conformance.redaction.cassette import LISTS, cassette
from blastiq_conformance.redaction.tree import har
from blastiq_conformance.sources import SourceError, read, yaml_tree
from blastiq_conformance.sources.content import text as content_of
from blastiq_conformance.sources.facts import to_child, to_facts, to_members
from blastiq_conformance.sources.json_text import parse_json
from fake_idp.journal import Connection, Exchange
from fake_idp.jsonl import Opening, Record, read_lines, to_line
from fake_idp.redact import Secret

_KINDS = "a HAR 1.2 file, a cassette of VCR or go-vcr, or a journal of `blastiq serve --journal`"


def redacted(path: Path) -> str:
    """Give the content of a recording without secrets, to be judged to the same verdict; raises SourceError."""
    evidences = read(path)
    text = content_of(path)
    if text is None:
        raise SourceError(str(path), "", "larger than 64 MiB", "cut the recording down to the sign-in")
    redaction = Redaction()
    redaction.spare(text)
    new = _rewritten(str(path), text, evidences, redaction)
    # The proof, by another way than the work: whatever is known is looked for once more.
    for leak in redaction.leaks(new):
        place = f"line {new.count(chr(10), 0, leak.start) + 1} of the result"
        what = f"a {leak.secret.kind} stands where it cannot be taken out"
        raise SourceError(str(path), place, what, "remove it by hand; nothing was written")
    return new


def _rewritten(file: str, text: str, evidences: tuple[Evidence, ...], redaction: Redaction) -> str:
    if not text.lstrip().startswith(("{", "[")):
        redaction.learn(evidences[0].exchanges)
        return _yaml(file, text, evidences[0], redaction)
    if _is_journal(text):
        return "".join(_journal(text, redaction))
    parsed = parse_json(file, text)
    document: dict[str, object] = {**parsed} if isinstance(parsed, dict) else {}
    redaction.learn(evidences[0].exchanges)
    if isinstance(document.get("log"), dict):
        return json.dumps(har(document, evidences[0], redaction), indent=2, ensure_ascii=False) + "\n"
    if any(isinstance(document.get(name), list) for name in LISTS):
        return json.dumps(cassette(document, evidences[0], redaction), indent=4) + "\n"
    raise SourceError(file, "", "a recording of a kind that is only read", f"give {_KINDS}")


def _is_journal(text: str) -> bool:
    try:
        return next(read_lines(text.split("\n")), None) is not None
    except ValueError:
        return False


def _journal(text: str, redaction: Redaction) -> Iterator[str]:
    records = list(read_lines(text.split("\n")))
    issued = tuple(record for record in records if isinstance(record, Secret))
    known = Facts(issued=issued)
    redaction.learn_facts(known)
    for section in _sections(records):
        redaction.learn_facts(_facts(section, known))
        redaction.learn(record for record in section if isinstance(record, Exchange))
    for section in _sections(records):
        redaction.learn_facts(_facts(section, known))
        for record in section:
            yield to_line(_record(record, redaction))


def _sections(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    starts = [place for place, record in enumerate(records) if isinstance(record, Opening) and record.facts is None]
    for start, end in pairwise((0, *(place for place in starts if place), len(records))):
        yield records[start:end]


def _facts(section: Sequence[Record], known: Facts) -> Facts:
    given = (record.facts for record in section if isinstance(record, Opening) and record.facts is not None)
    return next((replace(to_facts(facts), issued=known.issued) for facts in given), known)


def _record(record: Record, redaction: Redaction) -> Record:
    match record:
        case Exchange():
            return redaction.exchange(record)
        case Connection():
            return redaction.connection(record)
        case Opening():
            facts, child = record.facts, record.child
            return Opening(
                facts=None if facts is None else {**facts} | to_members(redaction.facts(to_facts(facts))),
                child=None if child is None else to_members(redaction.child(to_child(child))),
            )
        case _:
            return record


def _yaml(file: str, text: str, evidence: Evidence, redaction: Redaction) -> str:
    document = yaml_tree.load(text)
    if not isinstance(document, dict) or not any(name in document for name in LISTS):
        raise SourceError(file, "", "a recording of a kind that is only read", f"give {_KINDS}")
    return yaml_tree.dump(cassette(document, evidence, redaction))
