"""A journal without what the kit did not issue, whoever sent it and where: from a file, or written as it grows.

Of what comes later nothing is known yet: a value that was seen first where no secret belongs, and sent as one only
afterwards, is told by `lines`, which looks at the whole.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from blastiq_conformance.evidence.facts import Facts
from blastiq_conformance.redaction import Redaction
from blastiq_conformance.sources.facts import to_facts
from fake_idp.journal import Exchange
from fake_idp.journal.jsonl import Opening, Record, read_lines, to_line
from fake_idp.secrets.charset_variants import charset_variants
from fake_idp.secrets.search import Secret

_KINDS = ("username", "password")


class LiveRedaction:
    """Writes records as `to_line` does; any thread may ask, and a value has one stand-in as long as this lives."""

    def __init__(self, facts: Facts, users: Iterable[tuple[str, str]] = ()) -> None:
        """Begin with what the integration was given; `users` are somebody's, and no piece of theirs may stay."""
        self._lock = threading.Lock()
        self._redaction = Redaction()
        others = tuple(users)
        # In another character set. What is too short to be looked for (N7), or known to everybody, is hidden in its
        # place and is a word anywhere else.
        given = [(k, v) for user in others for k, v in zip(_KINDS, user, strict=True) if v != facts.client_id]
        variants = (Secret(kind, text) for kind, value in given for text in charset_variants(value))
        self._redaction.learn_overheard(variants)
        self._redaction.learn_facts(
            Facts(
                client_id=facts.client_id,
                username=facts.username,
                password=facts.password,
                other_users=others,
                issued=facts.issued,
            )
        )

    def line(self, record: Record) -> str:
        """Write one record as a line, its end included."""
        return self.lines((record,))

    def lines(self, records: Sequence[Record]) -> str:
        """Write a whole journal."""
        with self._lock:
            self._redaction.keep(record.value for record in records if isinstance(record, Secret))
            self._redaction.learn(record for record in records if isinstance(record, Exchange))
            return "".join(to_line(self._redaction.record(record)) for record in records)


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
