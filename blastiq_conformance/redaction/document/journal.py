"""A journal without the secrets that the kit did not issue."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from blastiq_conformance.evidence.facts import Facts
from blastiq_conformance.redaction import Redaction
from blastiq_conformance.sources.facts import to_facts
from fake_idp.journal import Exchange
from fake_idp.journal.jsonl import Opening, Record, read_lines, to_line
from fake_idp.secrets.redact import Secret


def is_journal(text: str) -> bool:
    """Whether a text is a journal, told by its first line."""
    try:
        return next(read_lines(text.split("\n")), None) is not None
    except ValueError:
        return False


def journal(text: str, redaction: Redaction) -> Iterator[str]:
    """Give the lines of a journal anew."""
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
            yield to_line(redaction.record(record))


def _sections(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    starts = [place for place, record in enumerate(records) if isinstance(record, Opening) and record.facts is None]
    for start, end in pairwise((0, *(place for place in starts if place), len(records))):
        yield records[start:end]


def _facts(section: Sequence[Record], known: Facts) -> Facts:
    given = (record.facts for record in section if isinstance(record, Opening) and record.facts is not None)
    return next((replace(to_facts(facts), issued=known.issued) for facts in given), known)
